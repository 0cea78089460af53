import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { readFileSync } from "node:fs";
import { Window } from "happy-dom";
import { savingShown } from "../../src/fieldguide/coursepage/static/saving.js";

const { coursepage: words } = JSON.parse(readFileSync(new URL("../../src/fieldguide/words/words.en.json", import.meta.url)));
const CALM = { trouble: "", refused: "", open: false, busy: false, keeps: true };

beforeEach(() => {
  const { document } = new Window();
  document.body.innerHTML = `<i id="saved">${words.all_saved}</i><i id="saved-voice"></i><i id="saving"></i>`;
  globalThis.document = document;
  mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

/** What stands on a page after each of these; what is given waits for as long as it says. */
function page() {
  let now = CALM;
  const show = savingShown({ words, home: "/home" }, () => now);
  return (next, ms = 0) => {
    now = { ...CALM, ...next };
    show();
    if (ms) mock.timers.tick(ms);
    return ["saved", "saved-voice", "saving"].map((id) => document.getElementById(id).textContent);
  };
}

test("what is saved at once does not flicker, and what takes longer is told", () => {
  const on = page();
  assert.equal(on({ open: true, busy: true }, 300)[0], "All saved");
  assert.equal(on({}, 300)[0], "All saved");
  assert.equal(on({ open: true }, 500)[0], "Not saved yet");
  assert.equal(on({ open: true, busy: true }, 500)[0], "Saving…");
  assert.deepEqual(on({}), ["All saved", "", ""]);
});

test("what goes wrong is told with what to do, and its end is read out once", () => {
  const on = page();
  const [word, voice, line] = on({ trouble: "login", open: true });
  assert.deepEqual([word, voice], ["Not saved", ""]);
  assert.match(line, /You have been logged out\..*Log in/);
  assert.equal(document.querySelector("#saving a").target, "_blank");
  assert.deepEqual(on({ open: true, busy: true }, 500), ["Saving…", "", ""]);
  assert.deepEqual(on({}), ["All saved", "All saved", ""]);
  assert.deepEqual(on({}, 5000), ["All saved", "", ""]);
  on({ open: true }, 500);
  assert.deepEqual(on({}), ["All saved", "", ""]);
});

test("an answer that the server could not keep leads to its question", () => {
  const on = page();
  const [word, , line] = on({ refused: "#fg-one", open: true });
  assert.equal(word, "Not saved");
  assert.match(line, /could not be saved.*kept in this browser.*Go to the question/);
  assert.equal(document.querySelector("#saving a").getAttribute("href"), "#fg-one");
});
