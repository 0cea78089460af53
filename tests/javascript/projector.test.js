import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Window } from "happy-dom";

const ROOM = `<form><p id="stands" tabindex="-1">Open</p><button id="next">Close</button></form>`;
const PAGE = `
  <p id="said"></p><p id="trouble" hidden></p>
  <div id="room" data-look="/look" data-stamp="1">${ROOM}</div>
  <script type="application/json" id="words">{"no_answer": "no answer"}</script>`;
// The desk takes them from the course page's scripts, which the server has at the same addresses.
const shared = (name) => new URL(`../../src/fieldguide/coursepage/static/${name}`, import.meta.url).href;
const SHARED = ["./request.js", "./drawing.js"];
registerHooks({ resolve: (name, context, next) => next(SHARED.includes(name) ? shared(name) : name, context) });
let pages = 0;
let told;

const $ = (id) => document.getElementById(id);
const settled = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};

beforeEach(async () => {
  const window = new Window();
  window.document.body.innerHTML = PAGE;
  const { document, Element, HTMLInputElement } = window;
  Object.assign(globalThis, { window, document, Element, HTMLInputElement });
  told = { stamp: "1", voted: "", html: ROOM, said: "closed" };
  globalThis.fetch = async () => ({ ok: true, status: 200, json: async () => told });
  mock.timers.enable({ apis: ["setTimeout"] });
  await import(`../../src/fieldguide/desk/static/projector.js?${(pages += 1)}`);
  await settled();
});
afterEach(() => mock.timers.reset());

test("after a step of somebody else's how it stands has the focus, and not the next button", async () => {
  assert.equal(document.activeElement.id, "next");
  told = { ...told, stamp: "2" };
  mock.timers.tick(500);
  await settled();
  assert.equal($("said").textContent, "closed");
  assert.equal(document.activeElement.id, "stands");
});

test("a held Enter presses one button once", () => {
  const pressed = (repeat) => {
    const event = new window.KeyboardEvent("keydown", { key: "Enter", repeat, bubbles: true, cancelable: true });
    $("next").dispatchEvent(event);
    return !event.defaultPrevented;
  };
  assert.ok(pressed(false));
  assert.ok(!pressed(true));
});
