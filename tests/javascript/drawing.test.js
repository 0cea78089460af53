import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Window } from "happy-dom";
import { draw } from "../../src/fieldguide/coursepage/static/drawing.js";

const $ = (id) => document.getElementById(id);
let room;

beforeEach(() => {
  const window = new Window();
  window.document.body.innerHTML = "<main id='room'></main>";
  const { document, Element, HTMLInputElement } = window;
  Object.assign(globalThis, { document, Element, HTMLInputElement });
  room = $("room");
});

const becomes = (html) => {
  draw(room, html);
  assert.equal(room.innerHTML, html);
};

test("whatever stood there, the same stands there as if it had been drawn for the first time", () => {
  const one = `<h1 class="a">One</h1><ul><li>a</li><li>b <strong>c</strong></li></ul> and`;
  for (const html of [one, `<h1>Two</h1><ul><li>b</li></ul>`, "", "words", one, `<p>x</p>${one}`, one]) becomes(html);
});

test("what has the focus stays where it is when what is around it changes", () => {
  becomes(`<p>Open</p><form><button id="send" class="new">Vote</button></form>`);
  const button = $("send");
  button.focus();
  becomes(`<p>Open, still</p><form><button id="send">Change my vote</button><p>Counted</p></form>`);
  assert.ok($("send") === button && document.activeElement === button);
});

test("where it goes, what has its id gets the focus", () => {
  becomes(`<div><a href="/06" id="open-06">Open</a></div>`);
  $("open-06").focus();
  becomes(`<div><a href="/05" id="open-05">Open</a></div><div><a href="/06" id="open-06">Open</a></div>`);
  assert.equal(document.activeElement.id, "open-06");
  becomes("<p>None</p>");
  assert.notEqual(document.activeElement.id, "open-06");
});

test("a link to another place and a button that sends something else are never the one that had the focus", () => {
  for (const [one, other] of [
    [`<a href="/05">Open</a>`, `<a href="/06">Open</a>`],
    [`<button name="step" value="close">Next</button>`, `<button name="step" value="end">Next</button>`],
    [`<form action="/a"><button>Go</button></form>`, `<form action="/b"><button>Go</button></form>`],
  ]) {
    becomes(one);
    const had = room.querySelector("a, button");
    had.focus();
    becomes(other);
    assert.ok(!had.isConnected && document.activeElement !== had);
  }
});

test("a choice is the one that is told, and what somebody unfolded stays so", () => {
  const choices = (checked) =>
    ["a", "b"].map((one) => `<input type="radio" name="o" value="${one}"${one === checked ? " checked" : ""}>`).join("");
  draw(room, `${choices("a")}<details><summary>More</summary></details>`);
  const [a, b] = room.querySelectorAll("input");
  b.checked = room.querySelector("details").open = true;
  draw(room, `${choices("a")}<details><summary>More, now</summary></details>`);
  assert.ok(a.checked && !b.checked && room.querySelector("details").open);
  draw(room, `${choices("b")}<details></details>`);
  assert.ok(!a.checked && b.checked);
});
