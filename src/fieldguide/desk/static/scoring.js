// An essay that is scored: each change is kept at once, keys choose levels, and it is told who else scores it.

import { request } from "./request.js";

const $ = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @type {Record<string, string>} */
const words = JSON.parse($("words").textContent ?? "");
const form = /** @type {HTMLFormElement} */ ($("give"));
const comment = /** @type {HTMLTextAreaElement} */ ($("comment"));
const [saved, others, total, clash] = ["saved", "others", "total", "clash"].map($);
const groups = [...form.querySelectorAll("fieldset")];
const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
const settle = "settle" in form.dataset;
const TYPED = 700; // ms after the last key in the comment
/** @type {RequestInit} */
const AS_IT_IS = { redirect: "manual" }; // a login that has ended leads away, and that is no answer
const AGAIN = 5000; // ms until what was not taken is sent again, and between two looks

let told = ""; // what was chosen last, for who hears the page
let due = false; // something is here that the server has not taken
let sending = false;
let clashes = false;
let refused = false;
let leaving = false;
let timer = 0;
/** @type {HTMLElement | null} */
let waiting = null; // the button that is pressed while something is on its way

/** @param {string} name @param {Record<string, string>} values */
const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** @param {string} text @param {boolean} [trouble] */
function tell(text, trouble = false) {
  saved.classList.toggle("is-trouble", trouble);
  if (saved.textContent !== text) saved.textContent = text;
}

/** @param {HTMLFieldSetElement} group */
const chosen = (group) => /** @type {HTMLInputElement | null} */ (group.querySelector(":checked"));

function given() {
  const points = groups.map(chosen).flatMap((one) => (one ? [[one.name.replace("points.", ""), one.value]] : []));
  return {
    settle,
    version: Number(field("version").value),
    saw: field("saw").value,
    points: Object.fromEntries(points),
    comment: comment.value,
  };
}

function addUp() {
  const sum = groups.reduce((all, group) => all + Number(chosen(group)?.value ?? 0), 0);
  const most = groups.reduce((all, group) => all + Math.max(...[...group.querySelectorAll("input")].map((one) => Number(one.value))), 0);
  const figure = (/** @type {number} */ number) => number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
  total.textContent = say("total", { points: figure(sum), most: figure(most) });
}

/** @param {{ others: string, shown: string, version: number }} news */
function hear(news) {
  if (others.textContent !== news.others) others.textContent = news.others;
  if (news.shown !== field("saw").value || news.version !== Number(field("version").value)) tell(words.newer, true);
}

/** @param {number} [pause] ms */
function touch(pause = 0) {
  due = true;
  clearTimeout(timer);
  timer = setTimeout(send, pause);
}

/**
 * Why a server that answers did not take it, in words.
 * @param {Response} answer
 */
async function why(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 403) return words.logged_out;
  const told = answer.status === 503 ? await answer.json().catch(() => null) : null; // a proxy may say it, without words
  return told?.message ? say("not_taken", { why: told.message }) : words.not_saved;
}

async function send() {
  if (sending || clashes || refused || !due) return;
  sending = true;
  due = false;
  let again = false;
  try {
    const answer = await request(form.dataset.keep ?? "", {
      ...AS_IT_IS,
      method: "POST",
      body: JSON.stringify(given()),
      keepalive: true,
    });
    if (answer.ok) {
      const news = await answer.json();
      field("version").value = news.version;
      if (!due) tell([told, words.saved].filter(Boolean).join(" "));
      hear(news);
    } else if (answer.status === 409) {
      due = clashes = true;
      clash.innerHTML = (await answer.json()).clash; // made by this server
      clash.scrollIntoView({ block: "nearest" });
      tell("");
    } else if (answer.status === 400 || answer.status === 404) {
      due = refused = true;
      tell(words.refused, true);
    } else {
      due = again = true;
      tell(await why(answer), true);
    }
  } catch {
    due = again = true;
    if (!leaving) tell(words.not_saved, true);
  }
  sending = false;
  const submitter = waiting;
  if (again || clashes || refused) waiting = null;
  else if (!due && submitter) return form.requestSubmit(submitter);
  if (due) touch(again ? AGAIN : 0);
}

form.addEventListener("change", ({ target }) => {
  const one = /** @type {HTMLInputElement} */ (target);
  if (one.type !== "radio") return;
  const number = one.closest("fieldset")?.dataset.number ?? "";
  told = say("chose", { number, points: one.value });
  addUp();
  touch();
});
comment.addEventListener("input", () => {
  told = "";
  touch(TYPED);
});
comment.addEventListener("blur", () => due && touch());

// A digit chooses that level of the criterion that has the focus, and goes on to the next. Nowhere else do keys act.
form.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !/^\d$/.test(event.key)) return;
  const at = groups.findIndex((group) => group.contains(document.activeElement));
  const level = at < 0 ? null : [...groups[at].querySelectorAll("input")].find((one) => one.value === event.key);
  if (!level) return;
  event.preventDefault();
  if (!level.checked) {
    level.checked = true;
    level.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const next = groups[at + 1];
  const goal = next ? chosen(next) ?? next.querySelector("input") : comment;
  /** @type {HTMLElement} */ (goal).focus();
});

const lines = /** @type {HTMLElement | null} */ (form.querySelector(".lines"));
if (lines) lines.hidden = false;
lines?.addEventListener("click", ({ target }) => {
  const line = /** @type {HTMLElement} */ (target).closest("[data-line]")?.textContent;
  if (!line) return;
  comment.value = [comment.value.trimEnd(), line].filter(Boolean).join("\n");
  told = words.added;
  touch();
});

// The page is left only once all is kept: what then goes to the server changes nothing.
form.addEventListener("submit", (event) => {
  if (clashes || refused || (!due && !sending)) {
    leaving = true;
    return;
  }
  event.preventDefault();
  waiting = event.submitter;
  if (due) touch();
});
addEventListener("beforeunload", (event) => {
  if (leaving) return;
  if (due) send();
  if (due || sending) event.preventDefault();
});
clash.addEventListener("click", ({ target }) => {
  if (!(/** @type {HTMLElement} */ (target).closest("[data-take]"))) return;
  leaving = true;
});
addEventListener("pagehide", () => due && send());
document.addEventListener("visibilitychange", () => document.hidden && due && send());
// A page that the browser kept may show what is not so any more.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

async function look() {
  if (!document.hidden && !sending && !due) {
    try {
      const before = field("version").value;
      const answer = await request(`${form.dataset.look}${settle ? "?settle=yes" : ""}`, AS_IT_IS);
      const news = answer.ok ? await answer.json() : null;
      // What was kept meanwhile is newer than what was looked at.
      if (news && !sending && !due && field("version").value === before) hear(news);
    } catch {
      // Saving says so.
    }
  }
  setTimeout(look, AGAIN);
}

setTimeout(look, AGAIN);
$("stay").hidden = true; // each change is kept at once
form.dataset.ready = "";
