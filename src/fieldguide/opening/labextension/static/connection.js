// What happens when nothing is heard of a kernel any more, because the server or the network is away: as soon as the
// server answers, on with the same kernel, or with a new one where the server has forgotten it.

const PAUSE = 2000; // ms between two tries
const LONG = 10000; // ms for a connection to come
const QUIET = 2; // tries before it is told: most are back at once

/** @param {number} ms */
const pause = (ms) => new Promise((over) => setTimeout(over, ms));
const untilSeen = () => new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));

// `reach` gives the status of the server's answer for a path, 0 where there is none. `tell` is what to do when it takes
// long, `over` when all is well again, and `giveUp` when the kernel is there and dead.
/**
 * @param {Lab.NotebookPanel} panel
 * @param {string} name the kernel's
 * @param {OpeningServer["reach"]} reach
 * @param {{ isWanted(): boolean | undefined, tell(): void, over(): void, giveUp(): void }} acts
 */
export function keepConnected(panel, name, reach, { isWanted, tell, over, giveUp }) {
  const { context, sessionContext } = panel;
  const { sessionManager } = sessionContext;
  /** @type {string | undefined} */
  let id; // the last kernel's
  let ended = false; // by the person
  let trying = false;

  const isLost = () => {
    const kernel = sessionContext.session?.kernel;
    return !kernel || kernel.status === "dead" || kernel.connectionStatus !== "connected";
  };

  // Another page of the same notebook may have been quicker.
  async function startAnew() {
    await sessionManager.refreshRunning();
    const { kernel } = [...sessionManager.running()].find(({ path }) => path === context.path) ?? {};
    await sessionContext.changeKernel(kernel && kernel.execution_state !== "dead" ? { id: kernel.id } : { name });
  }

  /** @param {number} status */
  async function tryAgain(status) {
    const kernel = sessionContext.session?.kernel;
    if (status === 404 && document.hidden) await untilSeen(); // nobody is waiting for it
    else if (status === 404 || (status === 200 && !kernel)) await startAnew();
    else if (status === 200 && kernel) await Promise.race([kernel.reconnect(), pause(LONG)]);
  }

  async function watch() {
    if (trying) return;
    trying = true;
    let tries = 0;
    for (;;) {
      id = sessionContext.session?.kernel?.id ?? id;
      await pause(PAUSE);
      if (panel.isDisposed || ended || !id || !isWanted() || !isLost()) break;
      if (tries++ === QUIET) tell();
      const status = await reach(`api/kernels/${id}`);
      if (status === 200 && sessionContext.session?.kernel?.status === "dead") break;
      await tryAgain(status).catch(() => {});
    }
    trying = false;
    if (panel.isDisposed || !tries) return;
    if (isLost()) giveUp();
    else if (tries > QUIET) over();
  }

  sessionContext.connectionStatusChanged.connect(watch);
  sessionContext.statusChanged.connect((_, status) => {
    ended ||= status === "terminating";
  });
  sessionContext.kernelChanged.connect((_, { newValue }) => {
    if (newValue) ended = false;
  });
  return { startAnew, isTrying: () => trying && !ended };
}
