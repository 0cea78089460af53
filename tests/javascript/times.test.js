import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "America/New_York";

/** The script on a page in a language, for a reader of others. */
async function times(lang, languages, elements = []) {
  globalThis.document = { documentElement: { lang }, querySelectorAll: () => elements };
  Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
  return import(`../../src/fieldguide/coursepage/static/times.js?${lang}${languages}`);
}

const NOW = new Date("2026-11-28T12:00:00Z"); // 7 in the morning
const said = (text) => text.replaceAll("\u202f", " ");

test("what is near is said as one says it, by the reader's own day", async () => {
  const { near } = await times("en", ["en-US"]);
  assert.equal(said(near(new Date("2026-11-30T04:59:00Z"), NOW)), "tomorrow, 11:59 PM");
  assert.equal(said(near(new Date("2026-11-28T05:00:00Z"), NOW)), "today, 12:00 AM");
  assert.equal(said(near(new Date("2026-11-28T04:59:00Z"), NOW)), "yesterday, 11:59 PM");
  assert.equal(said(near(new Date("2026-12-04T17:00:00Z"), NOW)), "Friday, December 4, 12:00 PM");
  assert.equal(said(near(new Date("2027-01-04T17:00:00Z"), NOW)), "Monday, January 4, 2027, 12:00 PM");
});

test("a reader's own clock counts where they read the page's language, and the page's language everywhere", async () => {
  const british = await times("en", ["fr-FR", "en-GB"]);
  assert.equal(british.near(new Date("2026-11-30T04:59:00Z"), NOW), "tomorrow, 23:59");
  const spanish = await times("es", ["en-US"]);
  assert.equal(spanish.near(new Date("2026-11-30T04:59:00Z"), NOW), "mañana, 23:59");
});

test("a time that is to be shown in a dispute says its day and its zone", async () => {
  const el = { dateTime: "2026-11-28T12:00:00Z", dataset: {} };
  await times("en", ["en-US", "x"], [el]);
  assert.equal(said(el.textContent), "Saturday, November 28 at 7:00 AM EST");
});
