// The page that is projected: counts while the class votes, and is led by one button after the other.

import { draw } from "./drawing.js";
import { request } from "./request.js";

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");
const room = /** @type {HTMLElement} */ (document.getElementById("room"));
const said = /** @type {HTMLElement} */ (document.getElementById("said"));
const trouble = /** @type {HTMLElement} */ (document.getElementById("trouble"));
const OFTEN = 500; // ms between two looks: a vote is seen within a second
const WAIT = 8000; // ms after which a request counts as lost
let ended = false;

/** @param {string} text */
function tell(text) {
  trouble.hidden = !text;
  if (trouble.textContent !== text) trouble.textContent = text;
}

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const answer = await request(room.dataset.look ?? "", { signal: AbortSignal.timeout(WAIT) });
      const told = await answer.json();
      if (answer.ok) show(told);
      else tell(told.message || words.no_answer);
      ended = answer.status === 404;
    } catch {
      tell(words.no_answer);
    }
  }
  if (!ended) setTimeout(look, OFTEN);
}

/** @param {{ stamp: string, voted: string, html: string, said: string }} told by this server */
function show(told) {
  tell("");
  if (told.stamp !== room.dataset.stamp) {
    const inside = room.contains(document.activeElement);
    draw(room, told.html);
    room.dataset.stamp = told.stamp;
    said.textContent = told.said;
    // Somebody else took it on: what comes next has not been read yet, and Enter must not press it.
    if (inside) document.getElementById("stands")?.focus();
    return;
  }
  const voted = document.getElementById("voted");
  if (voted && voted.textContent !== told.voted) voted.textContent = told.voted;
}

// A held Enter is one press: it must not go through the steps of the pages that follow.
room.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") event.preventDefault();
});

// Who leads a class presses Enter, and again Enter.
document.getElementById("next")?.focus({ preventScroll: true });
look();
