// A module's page: brings its views to life, carries what they say to the server, and keeps what could not be sent yet.

/** @type {PageData} */
const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("fieldguide")).textContent ?? "");
export const page = crypto.randomUUID(); // of several pages of this module, this one
const NEWS = 4000; // ms between looks for what another page or a notebook has saved
const WAIT = 20000; // ms after which a message counts as lost; its view sends it again

/** @type {Map<string, Set<Hearer>>} by cell */
const hearers = new Map();
/** @type {{ cell: string, message: any }[]} */
let waiting = [];
let sending = false;

const xsrf = () => document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";

/** @param {{ cell: string, message: any, buffers?: string[] }} told */
function tell({ cell, message, buffers = [] }) {
  const bytes = buffers.map((text) => new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer));
  for (const hear of hearers.get(cell) ?? []) hear(message, bytes);
}

/** @param {"login" | "away" | ""} trouble */
function showTrouble(trouble) {
  document.body.dataset.trouble = trouble;
  const line = /** @type {HTMLElement} */ (document.getElementById("saving"));
  const text = trouble ? data.words[trouble] : "";
  if (line.textContent === text) return;
  line.textContent = text;
  if (trouble !== "login") return;
  const link = Object.assign(document.createElement("a"), { href: data.home, target: "_blank", textContent: data.words.log_in });
  line.append(" ", link);
}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 */
async function ask(address, options) {
  try {
    const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
    if (answer.ok) {
      showTrouble("");
      return await answer.json();
    }
    showTrouble(answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403 ? "login" : "away");
  } catch {
    showTrouble("away");
  }
  return null;
}

/** @param {boolean} [leaving] what is sent when the page goes must not wait for anything */
async function post(leaving = false) {
  if ((sending && !leaving) || !waiting.length) return;
  const messages = waiting;
  waiting = [];
  const body = JSON.stringify({ page, messages });
  const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf() };
  // A browser takes at most 64 kB that outlive their page.
  const keepalive = leaving && body.length < 60000;
  if (!leaving) sending = true;
  const answer = await ask(data.say, { method: "POST", headers, body, keepalive, signal: leaving ? null : AbortSignal.timeout(WAIT) });
  if (!leaving) sending = false;
  answer?.told.forEach(tell);
  if (!leaving) post();
}

/**
 * @param {string} cell
 * @returns {Transport}
 */
function overHttp(cell) {
  const heard = new Set();
  hearers.set(cell, heard);
  return {
    send(message) {
      const { opened } = data.cells[cell] ?? {};
      if (message.kind === "open" && opened) {
        // What was on record when the page was made came with it.
        delete data.cells[cell].opened;
        return queueMicrotask(() => tell({ cell, message: { ...opened, v: message.v, view: message.view, n: message.n } }));
      }
      waiting.push({ cell, message });
      if (document.visibilityState === "hidden") post(true);
      else queueMicrotask(post);
    },
    listen(hear) {
      heard.add(hear);
      return () => heard.delete(hear);
    },
    async moveOn() {}, // no kernel is ever another's heir
  };
}

/** @type {Map<string, Promise<any>>} */
const scripts = new Map();

/** @param {string} view */
async function load(view) {
  const address = data.scripts[view];
  if (!scripts.has(view)) scripts.set(view, import(address));
  const script = await scripts.get(view);
  return { ...script.default, words: script.words };
}

/** @param {HTMLElement} el */
async function draw(el) {
  const cell = /** @type {string} */ (el.dataset.cell);
  const transport = overHttp(cell);
  const { views, words } = await load(data.pages[cell]);
  const info = data.cells[cell]?.info ?? (await first(transport, el));
  if (info) views[data.views[cell]]({ el, info, words, transport, load: (/** @type {string[]} */ [part]) => load(part) });
}

// What a table is told first comes when its view asks: what makes it takes a moment to start.
/**
 * @param {Transport} transport
 * @param {HTMLElement} el
 */
function first(transport, el) {
  return new Promise((resolve) => {
    const message = /** @type {any} */ ({ kind: "first", view: page, n: null, v: 1 });
    const again = setInterval(() => transport.send(message), WAIT);
    const stop = transport.listen((told) => {
      if (told.kind === "cannot_show") el.append(Object.assign(document.createElement("p"), { className: "notice", textContent: told.problem }));
      else if (told.kind !== "first") return;
      clearInterval(again);
      stop();
      resolve(told.info);
    });
    transport.send(message);
  });
}

async function lookForNews() {
  if (document.visibilityState === "visible" && !sending) {
    const n = Date.now(); // what is changed here from now on counts more than what comes
    const answer = await ask(`${data.news}?page=${page}&seen=${data.seen}`);
    if (answer) {
      data.seen = answer.seen;
      for (const { cell, message } of answer.told) tell({ cell, message: { ...message, n } });
    }
  }
}

// What was written last is saved before the page goes on to what is handed in, so that it is among it.
document.getElementById("hand-in")?.addEventListener("click", (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  const until = Date.now() + WAIT;
  const look = setInterval(() => {
    if ((sending || waiting.length) && Date.now() < until) return;
    clearInterval(look);
    location.assign(href);
  }, 20);
});

for (const el of document.querySelectorAll("[data-cell]")) draw(/** @type {HTMLElement} */ (el));
setInterval(lookForNews, NEWS);
document.addEventListener("visibilitychange", lookForNews);
