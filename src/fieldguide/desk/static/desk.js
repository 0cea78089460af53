// The desk: tells how far work is, and shows the modules anew once it has ended.

import { draw } from "./drawing.js";
import { request } from "./request.js";
import { sayTimes } from "./times.js";

/** @type {Record<string, string>} */
const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");
const work = /** @type {HTMLElement} */ (document.getElementById("work"));
const list = /** @type {HTMLElement} */ (document.getElementById("course"));
const news = /** @type {HTMLElement} */ (document.getElementById("news"));
const exchange = document.getElementById("exchange");
const OFTEN = 1000; // ms between two looks while work goes on

// An exchange that is no folder is asked what it holds, which takes seconds: the page is there meanwhile.
async function ask() {
  try {
    const answer = await request(exchange?.dataset.ask ?? "");
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    if (told.working) return;
    draw(list, told.rows);
    draw(/** @type {HTMLElement} */ (exchange), told.exchange);
    sayTimes();
  } catch {
    news.textContent = words.no_answer;
  }
}

async function look() {
  try {
    const answer = await request(work.dataset.look ?? "");
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    draw(work, told.work);
    if (!told.working) {
      draw(list, told.rows);
      sayTimes();
      news.textContent = told.said;
      return;
    }
    news.textContent = "";
  } catch {
    news.textContent = words.no_answer;
  }
  setTimeout(look, OFTEN);
}

// A page that the browser kept may show what is not so any more.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

if (work.querySelector("[data-goes-on]")) setTimeout(look, OFTEN);
else if (exchange?.dataset.ask && !location.search) ask();
