// The scripts of a page without a browser: the page is happy-dom's, and time goes only when a test says so.

import { readFileSync } from "node:fs";
import { afterEach, beforeEach, mock } from "node:test";
import { compileFunction } from "node:vm";
import { Window } from "happy-dom";

const STATIC = new URL("../../src/fieldguide/player/static/", import.meta.url);
const NOW = Date.parse("2026-11-27T12:00:00Z");
const { language, player } = JSON.parse(readFileSync(new URL("../../src/fieldguide/words/words.en.json", import.meta.url)));
export const WORDS = { ...language, ...player };

/**
 * Begin each test of a file with an empty page, at noon.
 * @param {string[]} scripts those to put together, as a page does
 * @param {string[]} names what the tests use of them
 * @returns {Record<string, any>} the names, with the page's `window` and `document`
 */
export function onAPage(scripts, names) {
  const page = {};
  const text = scripts.map((name) => readFileSync(new URL(name, STATIC), "utf8")).join("\n");
  const script = compileFunction(`${text}\nreturn { ${names.join(", ")} };`, ["window", "document", "Event"]);
  beforeEach(() => {
    const window = new Window();
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: NOW });
    Object.assign(page, { window, document: window.document }, script(window, window.document, window.Event));
  });
  afterEach(() => mock.timers.reset());
  return page;
}

const STEP = 50; // ms: what a timer sets begins when the step ends

export function after(ms) {
  for (let left = ms; left > 0; left -= STEP) mock.timers.tick(Math.min(left, STEP));
  if (!ms) mock.timers.tick(0);
}
