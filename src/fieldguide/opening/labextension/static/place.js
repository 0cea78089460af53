// Where the reader was: the cell at the top of the page, remembered in this browser and found when the notebook is opened.

const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"]; // the reader goes somewhere
const PAUSE = 300; // ms without scrolling before a place is one
const SETTLED = 2000; // ms without a change of height after which nothing more is drawn

/**
 * @param {Lab.NotebookPanel} panel
 * @param {string} key
 */
export function keepPlace({ content: notebook, node }, key) {
  const scroller = notebook.outerNode;
  /** @param {Lab.Cell} cell */
  const distance = (cell) => cell.node.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  /** @param {Lab.Cell} cell */
  const bottom = (cell) => distance(cell) + cell.node.offsetHeight;
  /** @type {number | undefined} */
  let pause;
  /** @type {{ cell: Lab.Cell, offset: number } | null} */
  let going = null; // the way to the remembered place: {cell, offset}
  /** @type {number | undefined} */
  let over;

  function remember() {
    const cell = !going && node.isConnected && scroller.offsetHeight && notebook.widgets.find((one) => bottom(one) > 1);
    if (!cell) return;
    const place = { cell: cell.model.id, offset: Math.round(distance(cell)) };
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

  function go() {
    // Cells come into the page one by one.
    if (going?.cell.node.isConnected) scroller.scrollTop += Math.round(distance(going.cell)) - going.offset;
    if (over) settle();
  }

  function arrive() {
    going = null;
    sizes.disconnect();
    clearTimeout(over);
  }

  // Once all has been run: questions that appear above the place still move it.
  function settle() {
    clearTimeout(over);
    if (going) over = setTimeout(going.cell.node.isConnected ? arrive : settle, SETTLED);
  }

  const sizes = new ResizeObserver(go);
  const place = remembered();
  const at = notebook.widgets.findIndex(({ model }) => model.id === place?.cell);
  if (at >= 0) {
    notebook.activeCellIndex = at;
    going = { cell: notebook.widgets[at], offset: place.offset };
    sizes.observe(notebook.viewportNode);
  }
  for (const move of MOVES) node.addEventListener(move, arrive, { capture: true, passive: true });
  scroller.addEventListener("scroll", () => {
    clearTimeout(pause);
    pause = setTimeout(remember, PAUSE);
  });
  return settle;
}
