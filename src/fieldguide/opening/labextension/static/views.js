// The views of our cells in a page: whether they are there, and how they are handed on to a new kernel.

const VIEW = "application/vnd.jupyter.widget-view+json";
const PATIENCE = 15000; // ms without one more view after which something is wrong
const LOOK = 100; // ms between two looks

/** @type {Map<string, string>} */
const heirs = new Map(); // what has taken a model's place since its view was drawn, by their ids

/** @param {number} ms */
const pause = (ms) => new Promise((over) => setTimeout(over, ms));
/**
 * @param {Lab.Cell} cell
 * @returns {string[]}
 */
const savedIds = (cell) => cell.model.outputs.toJSON().flatMap(({ data }) => data?.[VIEW]?.model_id ?? []);
/** @param {Lab.Cell} cell */
const roots = (cell) => /** @type {HTMLElement[]} */ ([...cell.node.querySelectorAll(".fg-root")]);
/** @param {Lab.Cell} cell */
const hasHeard = (cell) => roots(cell).some((root) => !("unheard" in root.dataset));
// A view that could not be made is a line of text. One that was made twice stands there twice.
/** @param {Lab.Cell} cell */
const isBroken = (cell) =>
  cell.node.querySelector(".jp-OutputArea-output.jupyter-widgets:not(:has(*))") ||
  roots(cell).length > savedIds(cell).length;

// Whether all the kernel's side of the views is still there.
/**
 * @param {Lab.Cell[]} cells
 * @param {Lab.Kernel} kernel
 */
export async function areKept(cells, kernel) {
  const { comms } = (await kernel.requestCommInfo({ target_name: "jupyter.widget" })).content;
  const ids = cells.flatMap(savedIds);
  return ids.length > 0 && ids.every((id) => (heirs.get(id) ?? id) in comms);
}

// Whether the page shows every view; waits as long as more of them come, and somebody still wants to know.
/**
 * @param {Lab.Cell[]} cells
 * @param {() => boolean} isWanted
 */
export async function areShown(cells, isWanted) {
  let most = 0;
  let since = Date.now();
  for (;;) {
    const views = cells.filter((cell) => !cell.isDisposed && savedIds(cell).length);
    const shown = views.filter(hasHeard).length;
    if (!isWanted()) return true;
    if (views.some(isBroken)) return false;
    if (shown === views.length) return true;
    if (shown > most || document.hidden) since = Date.now();
    most = Math.max(most, shown);
    if (Date.now() - since > PATIENCE) return false;
    await pause(LOOK);
  }
}

// Whether the page shows this cell's view, so that it can stay.
/** @param {Lab.Cell} cell */
export const isShown = (cell) => roots(cell).length === 1 && savedIds(cell).length === 1;

// Runs a cell, and hands the view that the page shows to its new model: what is written there stays, and the caret.
/**
 * @param {Lab.Cell} cell
 * @param {Lab.Kernel} kernel
 * @param {Lab.Cell[]} all those of every view of the notebook
 * @returns {Promise<Lab.Reply>}
 */
export async function renew(cell, kernel, all) {
  const [was] = savedIds(cell);
  /** @type {string | undefined} */
  let now;
  const future = kernel.requestExecute({ code: cell.model.sharedModel.getSource() });
  future.onIOPub = ({ content }) => {
    now ??= content.data?.[VIEW]?.model_id;
  };
  const reply = await future.done;
  if (!now) return { content: { status: "error" } };
  heirs.set(was, now);
  const renewed = () => new CustomEvent("fieldguide:renewed", { detail: { was, now } });
  const same = all.filter(({ model }) => model === cell.model);
  same.flatMap(roots).forEach((root) => root.dispatchEvent(renewed()));
  return reply;
}
