// Home: brings the list of modules up to what the exchange holds.

import { draw } from "./drawing.js";
import { request } from "./request.js";
import { sayTimes } from "./times.js";

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");
const list = /** @type {HTMLElement} */ (document.getElementById("course"));
const news = /** @type {HTMLElement} */ (document.getElementById("news"));
const OFTEN = 5 * 60 * 1000; // ms after which a page that is come back to looks again
const SOON = 1000; // ms after which it is said that somebody has to wait
let looked = 0;

/**
 * @param {string} text
 * @param {boolean} [trouble]
 */
function tell(text, trouble = false) {
  news.classList.toggle("is-trouble", trouble);
  if (news.textContent !== text) news.textContent = text;
}

async function look() {
  looked = Date.now();
  const waits = setTimeout(() => tell(list.children.length ? words.looking : words.looking_first), SOON);
  try {
    const answer = await request(list.dataset.look ?? "", { method: "POST" });
    if (!answer.ok) throw new Error(answer.statusText);
    const { digest, html, trouble } = await answer.json();
    const changed = digest !== list.dataset.digest;
    const first = !list.children.length;
    if (changed) draw(list, html);
    list.dataset.digest = digest;
    sayTimes();
    if (trouble) tell(trouble, true);
    else if (!list.children.length) tell(words.nothing_yet);
    else tell(changed && !first ? words.updated : "");
  } catch {
    tell(words.no_answer, true);
  }
  clearTimeout(waits);
}

/** @param {HTMLFormElement} form @param {boolean} busy */
function mark(form, busy) {
  form.querySelector("button")?.setAttribute("aria-busy", String(busy));
  form.dataset.sent = busy ? "yes" : "";
}

// A module that is opened for the first time is fetched first, which takes a moment.
list.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.sent) return event.preventDefault();
  mark(form, true);
  tell(form.dataset.busy ?? "");
});
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of list.querySelectorAll("form")) mark(form, false);
  look();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && Date.now() - looked > OFTEN) look();
});

look();
