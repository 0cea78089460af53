// Open and go, in one notebook: its own cells run when it is opened, and no code is seen. What runs, what never does and
// why: docs/open-and-go.md.

import { keepConnected } from "./connection.js";
import { keepPlace } from "./place.js";
import { READER } from "./reading.js";
import { areKept, areShown, isShown, renew } from "./views.js";

// All that may run, each for the whole text of a cell. IPython would evaluate what follows a magic's name, so nothing
// may; what stands below it is data.
const MAY_RUN = [/^%load_ext fieldguide$/, /^%%(module|item|table|case|worksheet|policy)\n/];
const KERNEL = "fieldguide"; // it imports nothing from the notebook's folder
const VOLATILE = ["execution", "execution_count", "kernelspec", "language_info", "outputs", "trusted"];
const TRIES = 4; // to bring every view into the page

/** @type {Set<Lab.NotebookPanel>} */
const panels = new Set();
const busy = new WeakSet(); // the notebooks that are being run: one may be open in two views

/** @param {Lab.Cell} cell */
const source = (cell) => cell.model.sharedModel.getSource();
/** @param {Lab.Cell} cell */
const isOurs = (cell) => cell.model.type === "code" && MAY_RUN.some((form) => form.test(source(cell)));

/**
 * @param {Lab.NotebookPanel} panel
 * @param {Lab.CodeCellClass} CodeCell
 * @param {OpeningServer} server
 */
export function follow(panel, CodeCell, server) {
  const { context, content: notebook, sessionContext } = panel;
  const { model } = context;
  const line = Object.assign(document.createElement("div"), { className: "fg-says", role: "status" });
  /** @type {Record<string, string>} */
  let words = {}; // to say what is the matter; none where the server has none of ours
  /** @type {OpeningAnswer | null | undefined} */
  let answer; // whether this is the person's own copy
  /** @type {string | undefined} */
  let saved; // what the file holds, but for what changes by itself
  /** @type {number | undefined} */
  let next;
  let restarting = false;
  let afresh = false; // the person has asked for a new kernel: so for new views too
  /** @type {number[]} */
  let timers = [];

  /** @param {boolean} yes */
  const open = (yes) => panel.toggleClass("fg-open", yes);
  const text = () => JSON.stringify(model.toJSON(), (key, value) => (VOLATILE.includes(key) ? undefined : value));

  // The notebook is not worth saving for what opening it has changed.
  function clean() {
    if (text() === saved) model.dirty = false;
  }

  // It lies over the page, which never moves for it.
  /**
   * @param {string} [word]
   * @param {...Node} more
   */
  function say(word, ...more) {
    timers.forEach(clearTimeout);
    timers = [];
    line.replaceChildren(...(word && words[word] ? [words[word], ...more] : []));
  }

  function sayStarting() {
    say();
    timers = [setTimeout(say, 400, "starting"), setTimeout(say, 20000, "slow")];
  }

  /** @param {() => unknown} start */
  function startButton(start) {
    const button = Object.assign(document.createElement("button"), { textContent: words.start });
    button.onclick = start;
    return button;
  }

  function mark() {
    panel.toggleClass(READER, model.getMetadata("fieldguide").edition !== "instructor");
    for (const cell of notebook.widgets) {
      cell.toggleClass("fg-ours", isOurs(cell));
      // A click must not turn the reading into its source; instructors may look.
      if (cell.model.type === "markdown") cell.showEditorForReadOnly = !panel.hasClass(READER);
    }
    notebook.widgets[0]?.toggleClass("fg-help", notebook.widgets[0].model.id === "how-to-start");
  }

  /** @param {Lab.Kernel} kernel */
  async function run(kernel) {
    await kernel.info;
    const isCurrent = () => sessionContext.session?.kernel === kernel;
    const cells = notebook.widgets.filter(isOurs);
    const hasAll = () => cells.every((cell) => !source(cell).startsWith("%%") || cell.model.outputs.length);
    // The page may have been closed and the kernel not: then all may still be there. Or JupyterLab has just run all cells
    // of a new one, which answers this question after them.
    if ((await areKept(cells, kernel)) && hasAll() && (await areShown(cells, isCurrent))) {
      afresh = false;
      return "";
    }
    const everywhere = [...panels].filter((one) => one.context === context).flatMap((one) => one.content.widgets);
    for (let left = TRIES; left; left--) {
      let result = "";
      for (const cell of cells) {
        if (!isCurrent() || !isOurs(cell)) continue; // changed meanwhile
        const stays = !afresh && isShown(cell);
        const reply = await (stays ? renew(cell, kernel, everywhere) : CodeCell.execute(cell, sessionContext));
        if (reply?.content.status !== "ok") result = "failed";
      }
      afresh = false;
      if (await areShown(cells, isCurrent)) return result;
    }
    return "failed";
  }

  async function start() {
    if (!timers.length) sayStarting();
    await sessionContext.ready;
    const kernel = sessionContext.session?.kernel;
    open(!kernel || kernel.name === KERNEL);
    if (!kernel) return link.isTrying() ? say("away") : stopped();
    if (kernel.name !== KERNEL) return say();
    say(await run(kernel));
    clean();
    if (document.activeElement === document.body && panel.isVisible) notebook.activate();
  }

  function stopped() {
    say("stopped", startButton(() => link.startAnew().catch(stopped)));
  }

  async function go() {
    answer ??= await server.ask({ path: context.path });
    if (!answer?.own) return refuse();
    if (busy.has(context)) return soon();
    busy.add(context);
    panel.addClass("fg-busy");
    await start().catch(() => {}); // the kernel went away: when it is back, we are called again
    panel.removeClass("fg-busy");
    busy.delete(context);
  }

  function soon() {
    clearTimeout(next);
    if (!panel.isDisposed) next = setTimeout(go, 50);
  }

  async function refuse() {
    open(false);
    panel.removeClass("fg-busy");
    if (!answer) return say(); // the notebook says itself what to press
    notebook.widgets[0]?.node.append(line);
    const button = startButton(async () => {
      panel.node.append(line);
      answer = await server.ask({ path: context.path, anyway: true });
      go();
    });
    say(answer.why, ...(answer.may_start ? [button] : []));
    await sessionContext.ready;
    await sessionContext.session?.kernel?.info;
    clean(); // else it would be saved by itself
  }

  const link = keepConnected(panel, KERNEL, server.reach, {
    isWanted: () => answer?.own,
    tell: () => say("away"),
    over: () => say(),
    giveUp: stopped,
  });

  /**
   * @param {unknown} _
   * @param {string} status
   */
  function onStatus(_, status) {
    if (!answer?.own) return;
    if (status === "dead" && !link.isTrying()) stopped();
    restarting ||= status.endsWith("restarting");
    afresh ||= sessionContext.isRestarting;
    if (status !== "idle" || !restarting) return;
    restarting = false;
    soon();
  }

  panels.add(panel);
  panel.disposed.connect(() => panels.delete(panel));
  panel.addClass("fg-wait");
  context.ready.then(async () => {
    panel.removeClass("fg-wait");
    if (!model.getMetadata("fieldguide")) return;
    panel.addClass("fg-busy");
    open(model.getMetadata("kernelspec")?.name === KERNEL); // at once, so that no code flashes up
    panel.node.append(line);
    mark();
    notebook.activeCellIndex = notebook.widgets.findIndex((cell) => source(cell).startsWith("%%module"));
    keepPlace(panel, server.placeKey(context.path));
    saved = text();
    model.contentChanged.connect(mark);
    model.cells.changed.connect(soon); // read again from the disk, they have no widgets
    context.fileChanged.connect(() => (saved = text()));
    sessionContext.kernelChanged.connect(soon);
    sessionContext.statusChanged.connect(onStatus);
    // JupyterLab's dialog of a kernel that died; here the views stay, and the line says what is going on.
    sessionContext.statusChanged.disconnect(panel._onSessionStatusChanged, panel);
    words = (await server.words(model.getMetadata("fieldguide")?.lang ?? "en")) ?? words;
    Object.assign(line, { lang: words.lang, dir: words.dir });
    sayStarting();
    go();
  });
}
