// The page of a vote: follows how it stands, and sends a choice until it is counted.

import { draw } from "./drawing.js";
import { request } from "./request.js";

/** @typedef {{ round: number, option: string, n: number }} Choice */

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");
const room = /** @type {HTMLElement} */ (document.getElementById("room"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const OFTEN = 2000; // ms between two looks
const WAIT = 8000; // ms after which a request counts as lost
// By address and not by code alone: somebody else may have logged in in this tab.
const KEPT = `fieldguide-vote-${location.pathname}`;
const LOGGED_OUT = [401, 403];

/** @type {Choice | null} what is not counted yet */
let waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
/** What stays said, whatever the connection does: why a choice was not taken. */
let refused = "";
/** The number of the last choice: an older one that comes late must not take the place of a newer. */
let last = waiting?.n ?? 0;
let busy = false;
let ended = false;

/** @param {string} text */
function tell(text) {
  trouble.hidden = !text;
  if (trouble.textContent !== text) trouble.textContent = text;
}

/** @param {Choice | null} choice */
function keep(choice) {
  waiting = choice;
  if (choice) sessionStorage.setItem(KEPT, JSON.stringify(choice));
  else sessionStorage.removeItem(KEPT);
}

/** @param {{ stamp: string, html: string, said: string, problem: string | null }} told by this server */
function show(told) {
  const inside = room.contains(document.activeElement);
  draw(room, told.html);
  room.dataset.stamp = told.stamp;
  said.textContent = told.said;
  tell((refused = told.problem ?? ""));
  if (inside && !room.contains(document.activeElement)) document.getElementById("now")?.focus();
}

/**
 * What the server tells; null where it tells nothing now.
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function ask(address, options) {
  try {
    const signal = AbortSignal.timeout(WAIT);
    const answer = await request(address, { redirect: "manual", signal, ...options });
    if (answer.ok) {
      tell(refused);
      return await answer.json();
    }
    const known = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).message : "";
    if (answer.status === 404 && known) {
      ended = true;
      keep(null);
      tell(known);
    } else if (answer.type === "opaqueredirect" || LOGGED_OUT.includes(answer.status)) tell(words.login);
    else tell(waiting ? words.away : words.away_looking);
  } catch {
    tell(waiting ? words.away : words.away_looking);
  }
  return null;
}

async function next() {
  if (busy || ended) return;
  busy = true;
  const sent = waiting;
  if (sent) {
    const told = await ask(room.dataset.vote ?? "", { method: "POST", body: JSON.stringify(sent) });
    if (told) {
      // Somebody may have chosen otherwise meanwhile.
      if (waiting === sent) keep(null);
      show(told);
    }
  } else if (document.visibilityState === "visible") {
    const told = await ask(room.dataset.look ?? "");
    if (told && told.stamp !== room.dataset.stamp) show(told);
  }
  busy = false;
  if (waiting && waiting !== sent) next();
}

room.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const option = form.get("option");
  if (typeof option !== "string") return tell((refused = words.choose_first));
  tell((refused = ""));
  last = Math.max(last + 1, Number(form.get("n")));
  keep({ round: Number(form.get("round")), option, n: last });
  said.textContent = words.sending;
  next();
});

setInterval(next, OFTEN);
addEventListener("online", next);
addEventListener("pageshow", next);
document.addEventListener("visibilitychange", next);
next();
