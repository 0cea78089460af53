import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test, mock } from "node:test";
import { Window } from "happy-dom";

const PAGE = `
  <form id="give" data-keep="/keep" data-look="/look">
    <input name="version" value="1"><input name="saw" value="">
    <fieldset data-number="1"><input type="radio" name="points.people" value="0"><input type="radio" name="points.people" value="2"></fieldset>
    <textarea id="comment" name="comment"></textarea>
  </form>
  <p id="saved"></p><p id="others"></p><p id="total"></p><p id="clash"></p><p id="stay"></p>
  <script type="application/json" id="words">
    {"saved": "Saved.", "chose": "Criterion {number}: {points}.", "total": "{points} of {most}", "newer": "newer"}
  </script>`;
// The desk takes it from the course page's scripts, which the server has at the same address.
const REQUEST = new URL("../../src/fieldguide/coursepage/static/request.js", import.meta.url).href;
registerHooks({ resolve: (name, context, next) => next(name === "./request.js" ? REQUEST : name, context) });
const LOOK = 5000; // ms until the page looks

const $ = (id) => document.getElementById(id);
async function after(ms) {
  mock.timers.tick(ms);
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}
const tells = (version) => ({ ok: true, status: 200, json: async () => ({ others: "", shown: "", version }) });

test("a look that was slower than what was kept meanwhile is not told as somebody's newer points, and a later one is", async () => {
  const window = new Window();
  window.document.documentElement.lang = "en";
  window.document.body.innerHTML = PAGE;
  Object.assign(globalThis, { window, document: window.document, addEventListener() {} });
  mock.timers.enable({ apis: ["setTimeout"] });
  const looks = [];
  globalThis.fetch = async (address) => {
    if (address === "/keep") return tells(2);
    return new Promise((answer) => looks.push(answer));
  };
  await import("../../src/fieldguide/desk/static/scoring.js");
  await after(LOOK);
  const radio = document.querySelector("[value='2']");
  radio.checked = true;
  radio.dispatchEvent(new window.Event("change", { bubbles: true }));
  await after(1);
  assert.equal($("saved").textContent, "Criterion 1: 2. Saved.");
  looks.shift()(tells(1));
  await after(1);
  assert.equal($("saved").textContent, "Criterion 1: 2. Saved.");
  await after(LOOK);
  looks.shift()(tells(3));
  await after(1);
  assert.equal($("saved").textContent, "newer");
  mock.timers.reset();
});
