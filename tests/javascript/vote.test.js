import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Window } from "happy-dom";

const PAGE = `
  <p id="said"></p><p id="trouble" hidden></p>
  <div id="room" data-look="/look" data-vote="/vote" data-stamp="1">
    <form><input name="round" value="1"><input name="n" value="3"><input type="radio" name="option" value="a"><button>Vote</button></form>
  </div>
  <script type="application/json" id="words">{"away": "kept", "away_looking": "away", "choose_first": "choose"}</script>`;
const COUNTED = { stamp: "2", html: "<h1 id='now'>Counted</h1>", said: "counted", problem: null };
const gives = (status, body) => ({ ok: status < 300, status, type: "basic", headers: new Map([["Content-Type", "application/json"]]), json: async () => body });
const KEPT = "fieldguide-vote-/user/ana/fieldguide/live/K7QXM";
let pages = 0;

/** A page of a vote whose requests are answered like this; returns what was sent. */
async function opened(answer) {
  const sent = [];
  globalThis.fetch = async (address, { method = "GET", body }) => {
    if (method === "POST") sent.push(JSON.parse(body));
    return answer(method, sent.length);
  };
  await import(`../../src/fieldguide/coursepage/static/vote.js?${(pages += 1)}`);
  await settled();
  return sent;
}

const $ = (id) => document.getElementById(id);
const settled = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
};
async function after(ms) {
  mock.timers.tick(ms);
  await settled();
}
function vote() {
  document.querySelector("[name=option]").checked = true;
  document.querySelector("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  return settled();
}

beforeEach(() => {
  const window = new Window();
  window.document.body.innerHTML = PAGE;
  const { document, sessionStorage, FormData, Element, HTMLInputElement } = window;
  const location = { pathname: "/user/ana/fieldguide/live/K7QXM" };
  Object.assign(globalThis, { window, document, location, FormData, Element, HTMLInputElement, addEventListener() {} });
  Object.defineProperty(globalThis, "sessionStorage", { value: sessionStorage, configurable: true });
  mock.timers.enable({ apis: ["setInterval"] });
});
afterEach(() => mock.timers.reset());

test("a vote without a connection is said to be kept, and sent again until it is counted, the same each time", async () => {
  const sent = await opened((method, times) => {
    if (method === "POST" && times < 3) throw new TypeError("Failed to fetch");
    return method === "POST" ? gives(200, COUNTED) : gives(200, { ...COUNTED, stamp: "1" });
  });
  await vote();
  assert.equal($("trouble").textContent, "kept");
  assert.ok(!$("trouble").hidden && sessionStorage.getItem(KEPT));
  await after(2000);
  await after(2000);
  assert.equal(sent.length, 3);
  assert.deepEqual(sent[2], sent[0]);
  assert.ok($("trouble").hidden);
  assert.equal($("said").textContent, "counted");
  assert.equal(sessionStorage.getItem(KEPT), null);
  await after(2000);
  assert.equal(sent.length, 3);
});

test("what was not counted when a page went is sent by the next", async () => {
  sessionStorage.setItem(KEPT, JSON.stringify({ round: 1, option: "a", n: 5 }));
  assert.deepEqual(await opened(() => gives(200, COUNTED)), [{ round: 1, option: "a", n: 5 }]);
});

test("what came too late is told, and not sent again", async () => {
  const late = { ...COUNTED, problem: "too late" };
  const sent = await opened((method, times) => gives(200, method === "POST" ? late : { ...COUNTED, stamp: times ? "2" : "1" }));
  await vote();
  await after(4000);
  assert.equal(sent.length, 1);
  assert.ok($("trouble").hidden === false && $("trouble").textContent === "too late");
});

test("a page draws nothing anew while nothing has changed, and asks no more once the vote has ended", async () => {
  let asked = 0;
  const there = { ...COUNTED, stamp: "1" };
  await opened(() => ((asked += 1) < 3 ? gives(200, there) : gives(404, { message: "ended" })));
  const form = document.querySelector("form");
  await after(2000);
  assert.equal(document.querySelector("form"), form);
  await after(2000);
  assert.equal($("trouble").textContent, "ended");
  await after(6000);
  assert.equal(asked, 3);
});

test("each choice has a higher number than the one before and the one that the page was told of", async () => {
  const sent = await opened((method) => {
    if (method === "POST") throw new TypeError("Failed to fetch");
    return gives(200, { ...COUNTED, stamp: "1" });
  });
  await vote();
  await vote();
  assert.deepEqual(sent.map(({ n }) => n), [3, 4]);
});

test("without a choice nothing is sent", async () => {
  const sent = await opened(() => gives(200, { ...COUNTED, stamp: "1" }));
  document.querySelector("form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  await settled();
  assert.equal($("trouble").textContent, "choose");
  assert.equal(sent.length, 0);
});
