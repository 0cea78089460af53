import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { Window } from "happy-dom";
import { showProgress } from "../../src/fieldguide/coursepage/static/progress.js";

const { coursepage: WORDS } = JSON.parse(readFileSync(new URL("../../src/fieldguide/words/words.en.json", import.meta.url)));
const ONE = { id: "one", number: 1, use: "graded" };
let button;

beforeEach(() => {
  const { document } = new Window();
  document.body.innerHTML = '<p id="progress"></p><a id="skip-next"></a><a id="hand-in" class="is-quiet"></a>';
  globalThis.document = document;
  button = document.getElementById("hand-in");
});

function show(unanswered, last) {
  showProgress({ graded: { total: 2, answered: 2 - unanswered.length, unanswered }, handed_in: last }, WORDS);
  return [button.textContent, button.classList.contains("is-quiet")];
}

test("handing in stands out where something is left to hand in, and says so once it is done", () => {
  assert.deepEqual(show([ONE], null), ["Hand in", true]);
  assert.deepEqual(show([], null), ["Hand in", false]);
  assert.deepEqual(show([], { time: "", changed: [] }), ["Handed in", true]);
  assert.deepEqual(show([ONE], { time: "", changed: [] }), ["Handed in", true]);
  assert.deepEqual(show([ONE], { time: "", changed: [ONE] }), ["Hand in", false]);
});
