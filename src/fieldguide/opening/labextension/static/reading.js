// A course notebook is there to be read and answered: no key or double click in it edits, moves or runs a cell.

import { hold } from "./holding.js";

const SUPPRESS = "data-lm-suppress-shortcuts"; // JupyterLab passes an element by that has this
// What is bound for the whole window, such as saving, finding and going to another tab, stays.
const OF_THE_WINDOW = ["body", ".jp-Activity", ".jp-mod-searchable", ".jp-mod-search-active"];

/** @param {Lab.KeyBinding} binding */
const isOfTheWindow = ({ selector, command }) =>
  OF_THE_WINDOW.includes(selector) && command !== "documentsearch:startWithReplace";

// JupyterLab follows a link to the first such heading of all open notebooks, if there is one yet, and leaves the focus at
// the link: keyboard and screen reader would go on from there.
export function takeFocusAlong() {
  /**
   * @param {MouseEvent} event
   * @param {string} inside
   * @returns {HTMLAnchorElement | null}
   */
  const linkOf = ({ target }, inside) =>
    /** @type {Element} */ (target).closest?.(`.${READER} .jp-WindowedPanel-outer ${inside} a[href^="#"]`);
  /** @param {Element} node */
  const scrollerOf = (node) => /** @type {Element} */ (node.closest(".jp-WindowedPanel-outer"));

  /** @param {string} text */
  function decoded(text) {
    try {
      return decodeURIComponent(text); // "¿" and "é" are encoded in a link, and not in a heading's id
    } catch {
      return text;
    }
  }

  /** @param {Element} heading */
  function focus(heading) {
    /** @type {HTMLElement} */ (heading).tabIndex = -1;
    /** @type {HTMLElement} */ (heading).focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  function onReading(event) {
    const link = linkOf(event, ".jp-RenderedMarkdown");
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const scroller = scrollerOf(link);
    const id = CSS.escape(decoded(/** @type {string} */ (link.getAttribute("href")).slice(1)));
    hold(scroller, () => scroller.querySelector(`[data-jupyter-id="${id}"], [id="${id}"]`), 0, focus);
  }

  // A card takes the focus along itself.
  /** @param {MouseEvent} event */
  function onCard(event) {
    const link = linkOf(event, ".fg-root");
    const target = document.activeElement;
    if (link && target && scrollerOf(link).contains(target) && target !== link) {
      hold(scrollerOf(link), () => target.isConnected && target, 0);
    }
  }

  document.addEventListener("click", onReading, true);
  document.addEventListener("click", onCard);
}

// Readers' notebooks are those whose panel has this class.
export const READER = "fg-reader";

/** @param {Lab.Commands} commands */
export function keepKeysFromCells(commands) {
  const { keystrokeForKeydownEvent } = /** @type {Lab.CommandsClass & Function} */ (commands.constructor);

  // Before JupyterLab, which listens on the document.
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const target = /** @type {Element} */ (event.target);
    // In the editor of a cell that they have added themselves, keys are as ever; a card sees to its own.
    if (!target.closest?.(`.${READER} .jp-Notebook`) || target.closest(".jp-InputArea-editor, .fg-root")) return;
    const keystroke = keystrokeForKeydownEvent(event);
    const bound = commands.keyBindings.filter(({ keys, selector }) => keys[0] === keystroke && target.closest(selector));
    target.toggleAttribute(SUPPRESS, !bound.every(isOfTheWindow));
  }

  /** @param {MouseEvent} event */
  function onDoubleClick(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest?.(`.${READER} .jp-MarkdownCell.jp-mod-rendered`)) event.stopPropagation();
  }

  window.addEventListener("keydown", onKey, true);
  window.addEventListener("dblclick", onDoubleClick, true);
}
