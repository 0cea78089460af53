// A course notebook is there to be read and answered: no key or double click in it edits, moves or runs a cell.

const SUPPRESS = "data-lm-suppress-shortcuts"; // JupyterLab passes an element by that has this
// What is bound for the whole window, such as saving, finding and going to another tab, stays.
const OF_THE_WINDOW = ["body", ".jp-Activity", ".jp-mod-searchable", ".jp-mod-search-active"];

/** @param {Lab.KeyBinding} binding */
const isOfTheWindow = ({ selector, command }) =>
  OF_THE_WINDOW.includes(selector) && command !== "documentsearch:startWithReplace";

// JupyterLab scrolls to where a link within the notebook leads and leaves the focus at the link: keyboard and screen reader
// would go on from there.
export function takeFocusAlong() {
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    /** @type {HTMLElement | null} */
    const link = target.closest?.(`.${READER} .jp-RenderedMarkdown a[href^="#"]`);
    const id = link && CSS.escape(/** @type {string} */ (link.getAttribute("href")).slice(1));
    /** @type {HTMLElement | null | undefined | ""} */
    const heading = id && link.closest(".jp-Notebook")?.querySelector(`[data-jupyter-id="${id}"], [id="${id}"]`);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });
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
