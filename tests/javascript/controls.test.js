import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { after, onAPage, WORDS } from "./page.js";

const page = onAPage(["page.js", "controls.js"], ["speaker", "CONTROLS", "certaintyControl", "isNumber"]);
const OPTIONS = ["A", "B", "C"].map((id) => ({ id, text: `Option ${id}` }));
const ITEMS = {
  choice: { choose: "one", options: OPTIONS },
  match: { options: OPTIONS, prompts: [{ id: "1", text: "First" }, { id: "2", text: "Second" }] },
  order: { options: OPTIONS },
  hottext: { passage: [{ text: "She " }, { id: "A", text: "posts names" }, { text: " and " }, { id: "B", text: "a street" }] },
  entry: { expect: "number", unit: "percent" },
  essay: { rubric: [{ criterion: "Names the duty", points: 2 }], words: 80 },
};
let say;

beforeEach(() => {
  say = page.speaker(WORDS);
});

test("a time is told by the clock of whoever reads the page's language", () => {
  const said = (lang, languages) => {
    Object.defineProperty(globalThis, "navigator", { value: { languages }, configurable: true });
    return page.speaker({ ...WORDS, lang }).time(new Date(2026, 10, 27, 20, 5).toISOString()).replaceAll("\u202f", " ");
  };
  assert.equal(said("en", ["en-US"]), "8:05 PM");
  assert.equal(said("en", ["fr", "en-GB"]), "20:05");
  assert.equal(said("es", ["en-US"]), "20:05");
});

const stem = (question, { vignette = [], remarks = [] } = {}) => ({ vignette, question, remarks, in_parts: false });

function show(type, more = {}) {
  const item = { type, use: "graded", points: 1, stem: stem("What do you do?"), ...ITEMS[type], ...more };
  const control = page.CONTROLS[type](item, say, "q");
  page.document.body.append(control.node);
  const fire = (node, event, detail = {}) =>
    node.dispatchEvent(Object.assign(new page.window.Event(event, { bubbles: true, cancelable: true }), detail));
  return { ...control, item, fire, find: (selector) => control.node.querySelector(selector) };
}

const texts = (nodes) => [...nodes].map(({ textContent }) => textContent);

describe("every control", () => {
  const RESPONSES = {
    choice: ["B"],
    match: { 2: "C" },
    order: ["C", "A", "B"],
    hottext: ["B"],
    entry: "12.5",
    essay: "I would\ntell her.",
  };

  for (const [type, response] of Object.entries(RESPONSES)) {
    test(`of type ${type} has no response at first, gives back what it was given, and can be cleared`, () => {
      const control = show(type);
      assert.equal(control.get(), null);
      control.set(response);
      assert.deepEqual(control.get(), response);
      control.set(null);
      assert.equal(control.get(), null);
    });

    test(`of type ${type} keeps its inputs, and so the focus, when a response is put in`, () => {
      const control = show(type);
      control.focus();
      const held = page.document.activeElement;
      assert.ok(control.node.contains(held) && held.matches("input, select, textarea, button"));
      control.set(response);
      assert.ok(control.node.contains(held));
      if (type !== "order") assert.equal(page.document.activeElement, held);
    });

    test(`of type ${type} shows texts as they are written, and never as HTML`, () => {
      const text = "<img src=x>";
      const options = [{ id: "A", text }, { id: "B", text }];
      const prompts = [{ id: "1", text }];
      const passage = [{ text }, { id: "A", text }];
      const control = show(type, { stem: stem(text), options, prompts, passage, unit: text, rubric: [{ criterion: text, points: 1 }] });
      assert.equal(control.find("img"), null);
      assert.ok(control.node.textContent.includes(text));
    });
  }

  test("is named by all that leads up to the question when one first comes to it, and then by the question alone", () => {
    const control = show("entry", {
      stem: stem("What do you do?", { vignette: ["A client writes."], remarks: ["Round to a whole number."] }),
      unit: "percent",
    });
    assert.equal(control.find("label").textContent, "What do you do?");
    assert.equal(control.find(".fg-vignette").textContent, "A client writes.");
    const input = control.find("input");
    assert.equal(input.getAttribute("aria-describedby"), "q-unit");
    const nameOnFocus = () => {
      control.fire(input, "focusin");
      const name = input.ariaLabel;
      control.fire(input, "focusout");
      return name;
    };
    assert.equal(nameOnFocus(), "A client writes.\nWhat do you do?\nRound to a whole number.");
    assert.ok(!nameOnFocus());
  });

  test("tells how parts count only where points are at stake", () => {
    const told = (points) => show("match", { points }).find(".fg-how").textContent;
    assert.equal(told(1), `${say("how_match")} ${say("credit_match")}`);
    assert.equal(told(0), say("how_match"));
  });
});

describe("a choice", () => {
  test("of one has radio buttons, and of several has boxes and says so", () => {
    const one = show("choice");
    assert.deepEqual([...one.node.querySelectorAll("input")].map(({ type }) => type), Array(3).fill("radio"));
    assert.equal(one.find(".fg-how"), null);
    const several = show("choice", { choose: "several" });
    assert.deepEqual([...several.node.querySelectorAll("input")].map(({ type }) => type), Array(3).fill("checkbox"));
    assert.ok(several.find(".fg-how").textContent.startsWith(say("how_several")));
    several.set(["A", "C"]);
    assert.deepEqual(several.get(), ["A", "C"]);
  });
});

describe("an order", () => {
  const shown = (control) => texts(control.node.querySelectorAll("li > span"));
  const press = (control, at, sign) =>
    [...control.node.querySelectorAll("li")][at].querySelectorAll("button")[sign === "up" ? 0 : 1].click();

  test("is no response until something is moved or kept", () => {
    const control = show("order");
    let changes = 0;
    control.node.addEventListener("change", () => changes++);
    assert.equal(control.get(), null);
    control.keep();
    assert.deepEqual(control.get(), ["A", "B", "C"]);
    assert.equal(changes, 1);
  });

  test("in practice is what is shown", () => {
    assert.deepEqual(show("order", { use: "practice" }).get(), ["A", "B", "C"]);
  });

  test("is moved by its buttons, says where a line is now, and moves nothing past the ends", () => {
    const control = show("order");
    press(control, 0, "down");
    assert.deepEqual(control.get(), ["B", "A", "C"]);
    assert.equal(control.find("[role=status]").textContent, say("moved", { text: "Option A", place: 2, total: 3 }));
    press(control, 0, "up");
    assert.deepEqual(control.get(), ["B", "A", "C"]);
    const disabled = [...control.node.querySelectorAll("button")].map((button) => button.getAttribute("aria-disabled"));
    assert.deepEqual(disabled, ["true", "false", "false", "false", "false", "true"]);
  });

  test("keeps the focus on the button that moves a line", () => {
    const control = show("order");
    const [, down] = control.node.querySelectorAll("button");
    down.focus();
    down.click();
    assert.equal(page.document.activeElement, down);
  });

  test("is moved by arrow keys", () => {
    const control = show("order");
    const last = [...control.node.querySelectorAll("li")].at(-1);
    control.fire(last, "keydown", { key: "ArrowUp" });
    assert.deepEqual(shown(control), ["Option A", "Option C", "Option B"]);
    control.fire(last, "keydown", { key: "x" });
    assert.deepEqual(control.get(), ["A", "C", "B"]);
  });

  test("puts lines that a response does not name after those that it does", () => {
    const control = show("order");
    control.set(["C"]);
    assert.deepEqual(shown(control), ["Option C", "Option A", "Option B"]);
  });
});

describe("an entry", () => {
  const faulty = (text, expect = "number") => {
    const control = show("entry", { expect });
    control.find("input").value = text;
    return control.isFaulty();
  };

  test("of a number is faulty where it cannot be read", () => {
    for (const text of ["12", "12.5", "12,5", "1,000", "1,000.5", "−3", "50 %", "１２", " 7 ", ""]) {
      assert.ok(!faulty(text), text);
    }
    for (const text of ["twelve", "1,00,0", "½", "1.2.3", "12 or 13", "3²", "-", "1".repeat(31)]) {
      assert.ok(faulty(text), text);
    }
    assert.ok(!faulty("twelve", "text"));
  });

  test("is told to be faulty until somebody types on", () => {
    const control = show("entry");
    const input = control.find("input");
    control.set("twelve");
    assert.equal(input.getAttribute("aria-invalid"), "true");
    control.fire(input, "input");
    assert.equal(input.hasAttribute("aria-invalid"), false);
  });

  test("goes without the spaces around it, and of spaces alone is none", () => {
    const control = show("entry", { expect: "text" });
    control.set("  HIPAA ");
    assert.equal(control.get(), "HIPAA");
    control.set("  ");
    assert.equal(control.get(), null);
  });
});

describe("an essay", () => {
  test("of spaces alone is none", () => {
    const control = show("essay");
    control.set(" \n");
    assert.equal(control.get(), null);
  });

  test("counts its words", () => {
    const control = show("essay");
    const area = control.find("textarea");
    area.value = "one two\nthree ";
    control.fire(area, "input");
    assert.equal(control.find("#q-count").textContent, say.count("word_goal", 3, { goal: 80 }));
    control.set("one");
    assert.equal(control.find("#q-count").textContent, say.count("word_goal", 1, { goal: 80 }));
  });

  test("is not described while one writes: a count that changes would have the whole task read again", () => {
    const control = show("essay");
    const area = control.find("textarea");
    assert.match(area.getAttribute("aria-describedby"), /q-count/);
    control.fire(area, "input");
    assert.equal(area.getAttribute("aria-describedby"), null);
    control.fire(area, "focusout");
    assert.equal(area.getAttribute("aria-describedby"), null);
    after(500);
    assert.equal(area.getAttribute("aria-describedby"), "q-count");
  });

  test("keeps the cursor where the same text is put in", () => {
    const control = show("essay");
    control.set("one two");
    const area = control.find("textarea");
    area.setSelectionRange(3, 3);
    control.set("one two");
    assert.equal(area.selectionStart, 3);
  });
});

test("how sure one is counts only where it is asked", () => {
  const sure = page.certaintyControl(say, "q");
  sure.set("fairly");
  assert.equal(sure.get(), null);
  sure.node.hidden = false;
  assert.equal(sure.get(), "fairly");
  sure.set(null);
  assert.equal(sure.get(), null);
});
