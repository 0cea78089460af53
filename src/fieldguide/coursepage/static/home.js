// Home: says times in the reader's own zone, and brings the list of modules up to what the exchange holds.

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");
const list = /** @type {HTMLElement} */ (document.getElementById("course"));
const news = /** @type {HTMLElement} */ (document.getElementById("news"));
const OFTEN = 5 * 60 * 1000; // ms after which a page that is come back to looks again
const SOON = 1000; // ms after which it is said that somebody has to wait
let looked = 0;

const language = document.documentElement.lang;
// Somebody who reads English may live where the clock has 24 hours.
const locale = navigator.languages.find((one) => one.split("-")[0] === language.split("-")[0]) ?? language;

/**
 * A moment as one says it: tomorrow, 11:59 PM.
 * @param {Date} moment
 * @param {Date} now
 */
export function inWords(moment, now) {
  const day = (/** @type {Date} */ one) => Date.UTC(one.getFullYear(), one.getMonth(), one.getDate()) / 86400000;
  const name = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[day(moment) - day(now)];
  const time = moment.toLocaleTimeString(locale, { timeStyle: "short" });
  if (name) return words[name].replace("{time}", time);
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return words.on_day.replace("{day}", moment.toLocaleDateString(locale, { weekday: "long", month: "long", day: "numeric", year })).replace("{time}", time);
}

function sayTimes() {
  for (const el of document.querySelectorAll("time")) el.textContent = inWords(new Date(el.dateTime), new Date());
}

/**
 * @param {string} text
 * @param {boolean} [trouble]
 */
function tell(text, trouble = false) {
  news.classList.toggle("is-trouble", trouble);
  if (news.textContent !== text) news.textContent = text;
}

/** @param {string} html of the list, made by this server */
function draw(html) {
  const { id } = document.activeElement ?? {};
  list.innerHTML = html;
  if (id && !document.activeElement?.id) document.getElementById(id)?.focus();
}

async function look() {
  looked = Date.now();
  const waits = setTimeout(() => tell(list.children.length ? words.looking : words.looking_first), SOON);
  try {
    const xsrf = document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";
    const answer = await fetch(list.dataset.look ?? "", { method: "POST", headers: { "X-XSRFToken": xsrf } });
    if (!answer.ok) throw new Error(answer.statusText);
    const { digest, html, trouble } = await answer.json();
    const changed = digest !== list.dataset.digest;
    const first = !list.children.length;
    if (changed) draw(html);
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

sayTimes();
look();
