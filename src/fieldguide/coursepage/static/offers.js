// A kept text offered back to the student, who says what becomes of it.

import { asTexts } from "./keeping.js";

/** @typedef {import("./keeping.js").Kept} Kept */

export const paragraph = (textContent = "", className = "") =>
  Object.assign(document.createElement("p"), { className, textContent });

/** @param {{ data: PageData, drop: (key: string) => void, putBack: (one: Kept) => unknown }} page */
export function offering({ data, drop, putBack }) {
  /**
   * @param {Kept} one
   * @param {"not_saved_text" | "not_asked_text" | "meanwhile"} why
   * @param {HTMLElement} [place] where it stands, or among the notices
   */
  return function offer(one, why, place) {
    const { cell, key } = one;
    const texts = asTexts(one.left, data.cells[cell]?.info);
    if (!texts.length) return drop(key);
    for (const old of document.querySelectorAll(".kept-offer")) if (/** @type {HTMLElement} */ (old).dataset.of === key) old.remove();
    const box = Object.assign(document.createElement("section"), { className: "notice kept-offer" });
    box.dataset.of = key;
    const when = new Date(one.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const button = (/** @type {string} */ name, /** @type {() => unknown} */ act) => {
      const node = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: data.words[name] });
      node.addEventListener("click", () => {
        box.remove();
        act();
      });
      return node;
    };
    const whole = document.createElement("blockquote");
    whole.append(...texts.flatMap((text) => text.split("\n")).map((part) => paragraph(part)));
    box.append(paragraph(data.words[why].replace("{time}", when)), whole);
    if (why !== "not_asked_text") box.append(button("put_back", () => putBack(one)), " ");
    box.append(button("discard", () => drop(key)));
    if (place) place.before(box);
    else document.getElementById("notices")?.append(box);
  };
}
