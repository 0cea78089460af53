// Where the reader was: the cell at the top of the page, remembered in this browser and found when the notebook is opened.

import { distance, hold, isHeld } from "./holding.js";

const PAUSE = 300; // ms without scrolling before a place is one

/**
 * @param {Lab.NotebookPanel} panel
 * @param {string} key
 */
export function keepPlace({ content: notebook, node }, key) {
  const scroller = notebook.outerNode;
  /** @param {Lab.Cell} cell */
  const top = (cell) => distance(scroller, cell.node);
  /** @param {Lab.Cell} cell */
  const bottom = (cell) => top(cell) + cell.node.offsetHeight;
  /** @type {number | undefined} */
  let pause;

  function wait() {
    clearTimeout(pause);
    pause = setTimeout(() => (isHeld(scroller) ? wait() : remember()), PAUSE);
  }

  function remember() {
    const cell = node.isConnected && scroller.offsetHeight && notebook.widgets.find((one) => bottom(one) > 1);
    if (!cell) return;
    const place = { cell: cell.model.id, offset: Math.round(top(cell)) };
    try {
      if (scroller.scrollTop) localStorage.setItem(key, JSON.stringify(place));
      else localStorage.removeItem(key);
    } catch {} // this browser keeps nothing
  }

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  const place = remembered();
  const at = notebook.widgets.findIndex(({ model }) => model.id === place?.cell);
  if (at >= 0) {
    notebook.activeCellIndex = at;
    const cell = notebook.widgets[at].node;
    hold(scroller, () => cell.isConnected && cell, place.offset);
  }
  scroller.addEventListener("scroll", wait);
}
