import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { Window } from "happy-dom";
import { linkTo } from "../../src/fieldguide/coursepage/static/links.js";
import { goToNamed } from "../../src/fieldguide/coursepage/static/place.js";

const { coursepage: words } = JSON.parse(readFileSync(new URL("../../src/fieldguide/words/words.en.json", import.meta.url)));

/** What a click on a card's link leaves in the address bar, and says, in a browser with such a clipboard. */
async function clicked(clipboard) {
  const window = new Window({ url: "https://school.example/fieldguide/module/05.ipynb" });
  const { document, history } = window;
  Object.assign(globalThis, { document, history });
  Object.defineProperty(globalThis, "navigator", { value: { clipboard }, configurable: true });
  document.body.innerHTML = '<div><article class="fg-card" id="fg-one"><h3>Question 3</h3></article></div>';
  linkTo(document.body.firstChild, words);
  const link = document.querySelector(".fg-card a");
  link.click();
  await new Promise((done) => setTimeout(done));
  return [link.textContent, window.location.hash, document.querySelector(".own-link span").textContent];
}

test("a question's own link is named after it, and is copied", async () => {
  const copied = [];
  const told = await clicked({ writeText: async (text) => copied.push(text) });
  assert.deepEqual(told, ["Link to Question 3", "#fg-one", "Copied."]);
  assert.deepEqual(copied, ["https://school.example/fieldguide/module/05.ipynb?at=fg-one#fg-one"]);
});

test("what is said of a link that is copied again stands as long as the first time", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  document.body.innerHTML = '<div><article class="fg-card" id="fg-one"><h3>Question 3</h3></article></div>';
  linkTo(document.body.firstChild, words);
  const said = async (ms) => {
    document.querySelector(".fg-card a").click();
    await new Promise((done) => setImmediate(done));
    mock.timers.tick(ms);
    return document.querySelector(".own-link span").textContent;
  };
  assert.equal(await said(4000), "Copied.");
  assert.equal(await said(4000), "Copied.");
  mock.timers.tick(1000);
  assert.equal(document.querySelector(".own-link span").textContent, "");
});

test("where nothing may be copied, it says that the link stands in the address bar", async () => {
  const told = await clicked(undefined);
  assert.deepEqual(told, ["Link to Question 3", "#fg-one", "It is in the address bar now, to be copied there."]);
});

test("what is no card gets no link", () => {
  document.body.innerHTML = '<div><section class="fg-module"><h1>Title</h1></section></div>';
  linkTo(document.body.firstChild, words);
  assert.equal(document.querySelector("a"), null);
});

for (const [opened, why] of [
  ["?at=fg-one#fg-one", "as it was copied"],
  ["?at=fg-one", "as a login leaves it"],
]) {
  test(`a question's own link leads to it, ${why}`, () => {
    const window = new Window({ url: `https://school.example/fieldguide/module/05.ipynb${opened}` });
    const { document, history, location, ResizeObserver, MutationObserver } = window;
    Object.assign(globalThis, { window, document, history, location, ResizeObserver, MutationObserver });
    document.body.innerHTML = '<main id="main"><article class="fg-root" id="fg-one"><h3>Question 3</h3></article></main>';
    goToNamed();
    assert.equal(location.href, "https://school.example/fieldguide/module/05.ipynb#fg-one");
  });
}
