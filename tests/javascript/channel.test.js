import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { after, onAPage, WORDS } from "./page.js";

const page = onAPage(["page.js", "channel.js"], ["speaker", "make", "openChannel", "savedText", "sentences"]);
const SAVED = "2026-11-27T12:00:00Z";
let say;
let closed; // what a test's views end with

beforeEach(() => {
  say = page.speaker({ ...WORDS, saved: "Saved" });
  closed = [];
});

/** A view with one box, over a transport that keeps what it is given. */
function openView({ id = "one", opens = false, ...more } = {}) {
  const { make, document, window } = page;
  const view = { sent: [], heard: [], restored: [], moved: [], value: "" };
  const transport = {
    send: (message) => view.sent.push(message),
    listen(hear) {
      view.receive = hear;
      return () => (view.receive = null);
    },
    moveOn: async (detail) => view.moved.push(detail),
  };
  const wire = page.openChannel(transport, {
    id,
    say,
    hear: (message, lane) => view.heard.push([message, lane]),
    keep: () => view.value,
    restore: (left) => view.restored.push(left),
    ...more,
  });
  const text = make("p");
  const region = make("div", { role: "status", "aria-live": "polite" }, text);
  const box = make("textarea");
  const card = make("article", {}, box, region);
  const line = wire.line(region, text);
  const lane = wire.lane({ make: () => ({ kind: "save", response: view.value }), line, news: () => "Saved" });
  document.body.append(card);
  if (opens) wire.open();
  const close = wire.start(card);
  closed.push(close);
  const fire = (target, type, detail = {}) => {
    const event = Object.assign(new window.Event(type, { bubbles: true, cancelable: true }), detail);
    target.dispatchEvent(event);
    return event;
  };
  return Object.assign(view, {
    wire,
    lane,
    line,
    card,
    box,
    region,
    close,
    fire,
    told: () => text.textContent,
    type(value) {
      view.value = value;
      lane.touch("typing");
    },
    choose(value) {
      view.value = value;
      lane.touch();
    },
    answer(state = {}, to = view.sent.at(-1)) {
      view.receive({ kind: "state", view: to.view, n: to.n, saved: SAVED, ...state });
    },
  });
}

describe("what a student gives", () => {
  test("is sent at once when it was chosen, and said to be saved when it was taken", () => {
    const view = openView();
    view.choose("A");
    assert.deepEqual(view.sent.map(({ kind, response }) => [kind, response]), [["save", "A"]]);
    assert.equal(view.told(), "");
    view.answer();
    assert.equal(view.told(), "Saved");
    assert.equal(view.lane.open, false);
  });

  test("says nothing on the way while the answer is quick", () => {
    const view = openView();
    view.choose("A");
    after(399);
    assert.equal(view.told(), "");
    after(1);
    assert.equal(view.told(), say("saving"));
  });

  test("is tried again when nobody answers, until it was taken", () => {
    const view = openView();
    view.choose("A");
    after(5000);
    assert.equal(view.told(), say("not_saved_yet"));
    assert.ok(view.region.querySelector(".fg-problem"));
    assert.equal(view.sent.length, 2);
    after(4950);
    assert.equal(view.told(), say("not_saved_yet")); // and not in turn with "Saving…"
    after(5050);
    assert.equal(view.sent.length, 4);
    view.answer();
    assert.equal(view.told(), "Saved");
    assert.equal(view.region.querySelector(".fg-problem"), null);
    after(60000);
    assert.equal(view.sent.length, 4);
  });

  test("is tried again after a problem, which is told inside a sentence, with what stands there then", () => {
    const view = openView();
    view.choose("A");
    view.answer({ problem: "The disk is full." });
    assert.equal(view.told(), say("not_saved", { problem: "The disk is full" }));
    assert.ok(view.lane.failing);
    view.value = "AB";
    after(5000);
    assert.deepEqual(view.sent.map(({ response }) => response), ["A", "AB"]);
    view.answer();
    assert.equal(view.told(), "Saved");
    assert.equal(view.lane.failing, false);
  });

  test("is not taken by the answer to what was given before it", () => {
    const view = openView();
    view.choose("A");
    view.choose("B");
    const [first, second] = view.sent;
    view.answer({}, first);
    assert.ok(view.lane.open);
    assert.equal(view.told(), "");
    view.answer({}, second);
    assert.equal(view.lane.open, false);
    assert.equal(view.told(), "Saved");
  });

  test("is saved when somebody who types pauses", () => {
    const view = openView();
    for (const text of ["a", "ab", "abc"]) {
      view.type(text);
      after(300);
    }
    after(450);
    assert.deepEqual(view.sent, []);
    after(50);
    assert.deepEqual(view.sent.map(({ response }) => response), ["abc"]);
  });

  test("is saved every two seconds while somebody types on", () => {
    const view = openView();
    for (let key = 1; key <= 50; key++) {
      view.type("x".repeat(key));
      after(100);
    }
    assert.deepEqual(view.sent.map(({ response }) => response.length), [20, 40]);
  });

  test("no longer is said to be saved with the first key after it", () => {
    const view = openView();
    view.choose("A");
    view.answer();
    view.type("AB");
    assert.equal(view.told(), say("saving"));
    assert.equal(view.region.getAttribute("aria-live"), "off"); // seen, and not read out
    after(500);
    assert.equal(view.region.getAttribute("aria-live"), "polite");
  });

  test("stays on a page of another version than the session's, which says so, and is asked about before it is left", () => {
    const view = openView({ opens: true });
    view.type("A");
    view.fire(view.box, "focusout");
    assert.ok(view.sent.every(({ v }) => v === 1));
    const problem = "this page is old";
    for (const { view: to, n } of view.sent) view.receive({ kind: "version", v: 2, view: to, n, problem });
    assert.equal(view.told(), say("not_saved", { problem }));
    assert.deepEqual(view.heard, []);
    assert.ok(view.lane.open);
    assert.ok(view.fire(page.window, "beforeunload").defaultPrevented);
  });

  test("asks nothing in vain of another version, which says so to whoever asked", () => {
    const view = openView({ opens: true });
    const told = [];
    view.wire.open((why) => told.push(why));
    view.wire.ask("show", { kind: "show" }, { hear: (answer) => told.push(answer), silent: (why) => told.push(why) });
    const problem = "this page is old";
    for (const { view: to, n } of view.sent.slice(-2)) view.receive({ kind: "version", v: 2, view: to, n, problem });
    assert.deepEqual(told, [problem, problem]);
  });

  test("is saved when the focus leaves it, or the page", () => {
    for (const leave of [
      (view) => view.fire(view.box, "focusout"),
      (view) => view.fire(page.window, "pagehide"),
      (view) => view.fire(page.window, "keydown", { key: "s", ctrlKey: true, metaKey: false }),
    ]) {
      const view = openView();
      view.type("half");
      assert.deepEqual(view.sent, []);
      leave(view);
      assert.deepEqual(view.sent.map(({ response }) => response), ["half"]);
      view.answer();
      view.close();
    }
  });

  test("is not sent while it is not ready", () => {
    const view = openView();
    let ready = false;
    const lane = view.wire.lane({ make: () => ({ kind: "save" }), line: view.line, ready: () => ready });
    lane.touch("leaving");
    assert.equal(view.told(), "");
    lane.flush();
    assert.deepEqual(view.sent, []);
    ready = true;
    lane.flush();
    assert.equal(view.sent.length, 1);
  });

  test("keeps the student from leaving the page unasked until it was taken", () => {
    const view = openView();
    const leave = () => view.fire(page.window, "beforeunload").defaultPrevented;
    assert.equal(leave(), false);
    view.type("a");
    assert.equal(leave(), true);
    assert.equal(view.sent.length, 1); // and is sent at once
    view.answer();
    assert.equal(leave(), false);
  });

  test("outlives its view, and goes to the view that comes next, once", () => {
    const first = openView();
    first.choose("A");
    first.close();
    assert.equal(first.receive, null);
    after(60000);
    assert.equal(first.sent.length, 1); // a view that is gone tries no more

    const next = openView({ opens: true });
    next.answer();
    assert.deepEqual(next.restored, ["A"]);
    next.close();
    const last = openView({ opens: true });
    last.answer();
    assert.deepEqual(last.restored, []);
  });

  test("goes to no view of another question", () => {
    const first = openView();
    first.choose("A");
    first.close();
    const other = openView({ id: "two", opens: true });
    other.answer();
    assert.deepEqual(other.restored, []);
  });

  test("is sent again to the kernel that takes the place of one that is gone", async () => {
    const view = openView();
    view.choose("A");
    view.fire(view.card, "fieldguide:renewed", { detail: { was: "1", now: "2" } });
    await Promise.resolve();
    assert.deepEqual(view.moved, [{ was: "1", now: "2" }]);
    assert.equal(view.sent.length, 2);
    assert.ok(view.sent[1].n >= view.sent[0].n);
  });

  test("that fails is not covered by something else that was saved on the same line", () => {
    const view = openView();
    const other = view.wire.lane({ make: () => ({ kind: "share" }), line: view.line, news: () => "Shared" });
    view.choose("A");
    view.answer({ problem: "No" });
    other.touch();
    view.answer();
    assert.equal(other.open, false);
    assert.equal(view.told(), say("not_saved", { problem: "No" }));
  });

  test("is settled by what is on record", () => {
    const view = openView();
    view.type("a");
    view.lane.settle();
    assert.equal(view.lane.open, false);
    after(60000);
    assert.deepEqual(view.sent, []);
  });
});

describe("a message", () => {
  test("has a number that rises, also from view to view", () => {
    const first = openView();
    first.choose("A");
    first.choose("B");
    after(50);
    const second = openView();
    second.choose("C");
    const numbers = [...first.sent, ...second.sent].map(({ n }) => n);
    assert.deepEqual(numbers, [...new Set(numbers)].toSorted((a, b) => a - b));
  });

  test("names its view, and an answer to another view's is news and takes nothing", () => {
    const view = openView();
    view.choose("A");
    const [{ n }] = view.sent;
    view.receive({ kind: "state", view: "fg-one-elsewhere", n });
    assert.ok(view.lane.open);
    assert.deepEqual(view.heard, [[{ kind: "state", view: "fg-one-elsewhere", n }, undefined]]);
    view.answer();
    assert.equal(view.heard[1][1], view.lane);
  });
});

describe("opening", () => {
  test("goes on until an answer comes", () => {
    const missed = [];
    const view = openView();
    view.wire.open(() => missed.push(1));
    after(10000);
    assert.deepEqual(view.sent.map(({ kind, n }) => [kind, n]), Array.from({ length: 3 }, () => ["open", null]));
    assert.equal(missed.length, 2);
    view.answer();
    assert.equal(view.heard[0][1], "open");
    after(60000);
    assert.equal(view.sent.length, 3);
  });

  test("marks the card until the kernel was heard", () => {
    const view = openView({ opens: true });
    assert.equal(view.card.getAttribute("data-unheard"), "");
    view.answer();
    assert.equal(view.card.hasAttribute("data-unheard"), false);
  });

  test("a second time is news, and restores nothing", () => {
    const view = openView({ opens: true });
    view.answer();
    view.choose("A");
    view.wire.open();
    view.answer();
    assert.equal(view.heard.at(-1)[1], undefined);
    assert.deepEqual(view.restored, []);
  });
});

describe("a question", () => {
  function ask(view, topic = "hint") {
    const told = [];
    const tell = (what) => (answer) => told.push(answer ? `${what} ${answer.text}` : what);
    view.wire.ask(topic, { kind: topic }, { hear: tell("heard"), slow: tell("slow"), silent: tell("silent") });
    return told;
  }

  test("is asked once; a late answer is heard too", () => {
    const view = openView();
    const told = ask(view);
    assert.ok(view.wire.waits("hint"));
    after(20000);
    assert.deepEqual(told, ["slow", "silent"]);
    assert.equal(view.sent.length, 1);
    assert.equal(view.wire.waits("hint"), false);
    view.answer({ text: "late" });
    assert.deepEqual(told, ["slow", "silent", "heard late"]);
  });

  test("that is asked anew hears no answer to the earlier one", () => {
    const view = openView();
    const earlier = ask(view);
    const later = ask(view);
    const [first, second] = view.sent;
    view.answer({ text: "first" }, first);
    view.answer({ text: "second" }, second);
    after(20000);
    assert.deepEqual([earlier, later], [[], ["heard second"]]);
  });

  test("that is forgotten is told nothing any more", () => {
    const view = openView();
    const told = ask(view);
    view.wire.forget("hint");
    after(20000);
    view.answer({ text: "late" });
    assert.deepEqual(told, []);
  });

  test("on a text may be asked by several boxes at once, and fails where nobody answers", async () => {
    const view = openView();
    const asked = [view.wire.review("one"), view.wire.review("two"), view.wire.review("three")];
    const [one, two] = view.sent;
    view.answer({ finds: ["of two"] }, two);
    view.answer({ finds: ["of one"] }, one);
    after(5000);
    assert.deepEqual(await Promise.all(asked.slice(0, 2)), [["of one"], ["of two"]]);
    await assert.rejects(asked[2]);
  });
});

describe("a line", () => {
  test("reads out what is new, and not what it has read out already", () => {
    const view = openView();
    const live = () => view.region.getAttribute("aria-live");
    view.line.show("Saved");
    assert.equal(live(), "polite");
    view.line.show("Saved");
    assert.equal(live(), "off");
  });

  test("that holds something shows nothing else until it is let go", () => {
    const view = openView();
    view.line.hold("Choose first", true);
    assert.equal(view.told(), ""); // empty for a moment, so that the same is read out each time
    after(50);
    view.line.show("Saved");
    view.line.quiet("Saving");
    assert.equal(view.told(), "Choose first");
    view.line.release();
    assert.equal(view.told(), "");
  });

  test("repeats what it says when one saves again", () => {
    const view = openView();
    view.line.show("Saved");
    view.line.repeat();
    assert.equal(view.told(), "");
    after(50);
    assert.equal(view.told(), "Saved");
  });
});

describe("keys", () => {
  test("Enter goes no further than the card, where JupyterLab would take it", () => {
    const view = openView();
    const heard = [];
    page.document.body.addEventListener("keydown", ({ key }) => heard.push(key));
    for (const key of ["Enter", "b"]) view.fire(view.box, "keydown", { key, ctrlKey: false, metaKey: false });
    assert.deepEqual(heard, ["b"]);
  });

  test("that save are let through to JupyterLab for once, and save no page of the browser's", () => {
    const view = openView();
    const muted = () => view.box.hasAttribute("data-lm-suppress-shortcuts");
    const press = (keys) => view.fire(view.box, "keydown", { ctrlKey: false, metaKey: false, ...keys });
    assert.equal(press({ key: "S", metaKey: true }).defaultPrevented, true);
    assert.equal(muted(), false);
    after(0);
    assert.equal(muted(), true);
    assert.equal(press({ key: "s", ctrlKey: true, altKey: true }).defaultPrevented, false);
    assert.equal(muted(), true);
  });
});

test("saved and not handed in is told in sentences", () => {
  const { savedText, speaker } = page;
  const words = speaker({ ...WORDS, saved: "Saved", not_inside: "Not in it" });
  assert.equal(savedText(words, { saved: null }), "");
  assert.equal(savedText(words, { saved: SAVED }), "Saved");
  assert.equal(savedText(words, { saved: SAVED, handed_in: { time: SAVED, inside: true } }), "Saved");
  assert.equal(savedText(words, { saved: SAVED, handed_in: { time: SAVED, inside: false } }), "Saved. Not in it.");
});

test("a text that ends by itself gets no full stop", () => {
  const { sentences } = page;
  assert.equal(sentences("Not yet.", "", "Will you?", "He asked: “Why?”", "Look again"), "Not yet. Will you? He asked: “Why?” Look again.");
  assert.equal(sentences("Look again"), "Look again");
});
