// What a reader was led to stays where it is while cells are drawn around it, until the reader goes somewhere.

const MOVES = ["wheel", "touchmove", "pointerdown", "keydown"]; // the reader goes somewhere
const SETTLED = 2000; // ms without a change of height after which nothing more is drawn

/** @type {WeakMap<Element, () => void>} */
const holds = new WeakMap(); // how to let go, by what scrolls

/** @param {Element} scroller */
export const isHeld = (scroller) => holds.has(scroller);

/**
 * How far below the top of what scrolls a part of it begins, in px.
 * @param {Element} scroller
 * @param {Element} node
 */
export const distance = (scroller, node) => node.getBoundingClientRect().top - scroller.getBoundingClientRect().top;

/**
 * Goes to a part of what scrolls, as soon as it is in the page, and holds it there.
 * @param {Element} scroller
 * @param {() => Element | null | undefined | false} find
 * @param {number} offset where it is to stay: px below the top of what scrolls
 * @param {(found: Element) => void} arrive called once, when it has been found
 */
export function hold(scroller, find, offset, arrive = () => {}) {
  holds.get(scroller)?.();
  const panel = /** @type {Element} */ (scroller.closest(".jp-NotebookPanel"));
  const cells = /** @type {Element} */ (scroller.querySelector(".jp-WindowedPanel-viewport"));
  const moves = new AbortController();
  const sizes = new ResizeObserver(keep);
  let isFound = false;
  /** @type {number | undefined} */
  let over;

  function keep() {
    const found = find();
    if (found && !isFound) arrive(found);
    isFound ||= Boolean(found);
    if (found) scroller.scrollTop += Math.round(distance(scroller, found)) - offset;
    wait();
  }

  function wait() {
    clearTimeout(over);
    over = setTimeout(settle, SETTLED);
  }

  // Questions that appear above it still move it.
  function settle() {
    const isDrawn = find() && !panel.matches(".fg-busy");
    if (isDrawn || !scroller.isConnected) letGo();
    else wait();
  }

  function letGo() {
    moves.abort();
    sizes.disconnect();
    clearTimeout(over);
    holds.delete(scroller);
  }

  holds.set(scroller, letGo);
  keep();
  sizes.observe(cells);
  for (const move of MOVES) panel.addEventListener(move, letGo, { capture: true, passive: true, signal: moves.signal });
}
