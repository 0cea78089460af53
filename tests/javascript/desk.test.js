import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { afterEach, mock, test } from "node:test";
import { Window } from "happy-dom";

const page = (work) => `
  <p id="news"></p><div id="work" data-look="/look">${work}</div><ol id="course"><li>Not released</li></ol>
  <script type="application/json" id="words">{"no_answer": "no answer"}</script>`;
const GOES_ON = "<section data-goes-on>Releasing</section>";
const DONE = { working: false, work: "<section>Released</section>", rows: "<li>Out</li>", said: "It is released." };
// The desk takes them from the course page's scripts, which the server has at the same addresses.
const shared = (name) => new URL(`../../src/fieldguide/coursepage/static/${name}`, import.meta.url).href;
const SHARED = ["./request.js", "./drawing.js", "./times.js"];
registerHooks({ resolve: (name, context, next) => next(SHARED.includes(name) ? shared(name) : name, context) });
let pages = 0;
let answers;

const $ = (id) => document.getElementById(id);
const settled = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

async function open(work) {
  const window = new Window();
  window.document.documentElement.lang = "en";
  window.document.body.innerHTML = page(work);
  const { document, Element, HTMLInputElement, location } = window;
  Object.assign(globalThis, { window, document, Element, HTMLInputElement, location, addEventListener: () => {} });
  globalThis.fetch = async () => ({ ok: true, status: 200, json: async () => answers.shift() });
  mock.timers.enable({ apis: ["setTimeout"] });
  await import(`../../src/fieldguide/desk/static/desk.js?${(pages += 1)}`);
}
afterEach(() => mock.timers.reset());

test("once work has ended the list is as it is now, and it is told", async () => {
  answers = [{ ...DONE, working: true, work: GOES_ON }, DONE];
  await open(GOES_ON);
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual([$("news").textContent, $("course").textContent], ["", "Not released"]);
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual([$("news").textContent, $("course").textContent, $("work").textContent], [DONE.said, "Out", "Released"]);
  mock.timers.tick(9000);
  assert.deepEqual(answers, []);
});

test("work that had ended before the page was there is not asked about", async () => {
  answers = [DONE];
  await open(DONE.work);
  mock.timers.tick(9000);
  await settled();
  assert.deepEqual([answers.length, $("work").textContent], [1, "Released"]);
});
