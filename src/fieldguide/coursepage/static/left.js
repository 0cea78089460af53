// Before handing in: whether this browser still keeps something of the module that could not be saved.

import { keeping } from "./keeping.js";

const line = /** @type {HTMLElement} */ (document.getElementById("left"));

async function look() {
  const left = await keeping(line.dataset.store ?? "", "", () => {}).found();
  // What somebody else saved meanwhile is on record.
  line.hidden = !left.some(({ page }) => !page.endsWith("-elsewhere"));
}

look();
addEventListener("pageshow", ({ persisted }) => persisted && look());
