// Tells on the pages of the course that the class votes now. It asks only while the page is seen.

import { request } from "./request.js";

const OFTEN = 10000; // ms between two looks
const place = /** @type {HTMLElement} */ (document.getElementById("voting"));
let html = "";

async function look() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await request(place.dataset.look ?? "");
    if (!answer.ok) return;
    const told = await answer.json();
    // Drawn anew it would be read out anew.
    if (told.html !== html) place.innerHTML = html = told.html;
  } catch {} // the page's own scripts tell of a lost connection
}

look();
setInterval(look, OFTEN);
document.addEventListener("visibilitychange", look);
