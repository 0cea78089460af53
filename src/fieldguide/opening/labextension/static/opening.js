// Open and go, in one notebook: its own cells run when it is opened, and no code is seen. What runs, what never does and
// why: docs/open-and-go.md.

import { READER } from "./reading.js";

// All that may run, each for the whole text of a cell. IPython would evaluate what follows a magic's name, so nothing
// may; what stands below it is data.
const MAY_RUN = [/^%load_ext fieldguide$/, /^%%(module|item|table|case|worksheet|policy)\n/];
const KERNEL = "fieldguide"; // it imports nothing from the notebook's folder
const VIEW = "application/vnd.jupyter.widget-view+json";
const VOLATILE = ["execution", "execution_count", "kernelspec", "language_info", "outputs", "trusted"];

const busy = new WeakSet(); // the notebooks that are being run: one may be open in two views

const source = (cell) => cell.model.sharedModel.getSource();
const isOurs = (cell) => cell.model.type === "code" && MAY_RUN.some((form) => form.test(source(cell)));

export function follow(panel, CodeCell, server) {
  const { context, content: notebook, sessionContext } = panel;
  const { model } = context;
  const line = Object.assign(document.createElement("div"), { className: "fg-says", role: "status" });
  let words = {}; // to say what is the matter; none where the server has none of ours
  let answer; // whether this is the person's own copy
  let saved; // what the file holds, but for what changes by itself
  let next;
  let restarting = false;
  let timers = [];

  const open = (yes) => panel.toggleClass("fg-open", yes);
  const text = () => JSON.stringify(model.toJSON(), (key, value) => (VOLATILE.includes(key) ? undefined : value));

  // The notebook is not worth saving for what opening it has changed.
  function clean() {
    if (text() === saved) model.dirty = false;
  }

  // It lies over the page, which never moves for it.
  function say(word, ...more) {
    timers.forEach(clearTimeout);
    timers = [];
    line.replaceChildren(...(words[word] ? [words[word], ...more] : []));
  }

  function sayStarting() {
    say();
    timers = [setTimeout(say, 400, "starting"), setTimeout(say, 20000, "slow")];
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

  async function run(kernel) {
    await kernel.info;
    // The page may have been closed and the kernel not: then every widget may still be there.
    const { comms } = (await kernel.requestCommInfo({ target_name: "jupyter.widget" })).content;
    const cells = notebook.widgets.filter(isOurs);
    const outputs = cells.flatMap(({ model }) => model.outputs.toJSON());
    const views = outputs.flatMap(({ data }) => data?.[VIEW]?.model_id ?? []);
    const shown = cells.every((cell) => !source(cell).startsWith("%%") || cell.model.outputs.length);
    if (shown && views.length && views.every((id) => id in comms)) return "";
    let result = "";
    for (const cell of cells) {
      if (sessionContext.session?.kernel !== kernel || !isOurs(cell)) continue; // changed meanwhile
      const reply = await CodeCell.execute(cell, sessionContext);
      if (reply?.content.status !== "ok") result = "failed";
    }
    return result;
  }

  async function start() {
    if (!timers.length) sayStarting();
    await sessionContext.ready;
    const kernel = sessionContext.session?.kernel;
    open(!kernel || kernel.name === KERNEL);
    if (!kernel) return say("stopped");
    if (kernel.name !== KERNEL) return say();
    say(await run(kernel));
    clean();
    if (document.activeElement === document.body && panel.isVisible) notebook.activate();
  }

  async function go() {
    answer ??= await server.ask({ path: context.path });
    if (!answer?.own) return refuse();
    if (busy.has(context)) return soon();
    busy.add(context);
    await start().catch(() => {}); // the kernel went away: when it is back, we are called again
    busy.delete(context);
  }

  function soon() {
    clearTimeout(next);
    if (!panel.isDisposed) next = setTimeout(go, 50);
  }

  async function refuse() {
    open(false);
    if (!answer) return say(); // the notebook says itself what to press
    notebook.widgets[0]?.node.append(line);
    const button = Object.assign(document.createElement("button"), { textContent: words.start });
    button.onclick = async () => {
      panel.node.append(line);
      answer = await server.ask({ path: context.path, anyway: true });
      go();
    };
    say(answer.why, ...(answer.may_start ? [button] : []));
    await sessionContext.ready;
    await sessionContext.session?.kernel?.info;
    clean(); // else it would be saved by itself
  }

  panel.addClass("fg-wait");
  context.ready.then(async () => {
    panel.removeClass("fg-wait");
    if (!model.getMetadata("fieldguide")) return;
    open(model.getMetadata("kernelspec")?.name === KERNEL); // at once, so that no code flashes up
    panel.node.append(line);
    mark();
    notebook.activeCellIndex = notebook.widgets.findIndex((cell) => source(cell).startsWith("%%module"));
    saved = text();
    model.contentChanged.connect(mark);
    model.cells.changed.connect(soon); // read again from the disk, they have no widgets
    context.fileChanged.connect(() => (saved = text()));
    sessionContext.kernelChanged.connect(soon);
    sessionContext.statusChanged.connect((_, status) => {
      if (status === "dead" && answer?.own) say("stopped");
      restarting ||= status.endsWith("restarting");
      if (status !== "idle" || !restarting) return;
      restarting = false;
      soon();
    });
    words = (await server.words) ?? words;
    sayStarting();
    go();
  });
}
