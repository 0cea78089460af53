// A module's page: brings its views to life, and keeps what could not be sent yet.
import { keeping } from "./keeping.js";
import { showProgress } from "./progress.js";
import { serverOf } from "./server.js";

/** @type {PageData} */
const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("fieldguide")).textContent ?? "");
const page = crypto.randomUUID(); // of several pages of this module, this one
const NEWS = 4000; // ms between looks for what another page or a notebook has saved
const AGAIN = 20000; // ms after which a view that got nothing to show asks again
const LAST = 10000; // ms that saving what was written last may take before the page goes on

/** @type {Map<string, Set<Hearer>>} by cell */
const hearers = new Map();
/** @type {Set<string>} cells of which something is not saved yet */
const busy = new Set();
const kept = keeping(data.store);
const server = serverOf({ data, page, tell, trouble: showTrouble });
const line = /** @type {HTMLElement} */ (document.getElementById("saving"));

/** @param {Told} told */
function tell({ cell, message, buffers = [] }) {
  if (message.kind === "progress") showProgress(message, data.words);
  const bytes = buffers.map((text) => new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer));
  for (const hear of hearers.get(cell) ?? []) hear(message, bytes);
}

/** @type {(which: Trouble, more?: string) => void} */
function showTrouble(which, more = "") {
  const text = which && [more || data.words[which], data.words[kept.full ? "kept_in_page" : "kept_in_browser"]].join(" ");
  if (line.dataset.text === text) return;
  line.dataset.text = text;
  line.textContent = text;
  if (which !== "login") return;
  line.append(" ", Object.assign(document.createElement("a"), { href: data.home, target: "_blank", textContent: data.words.log_in }));
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
      if (message.kind !== "open" || !opened) return server.send(cell, message);
      // What was on record when the page was made came with it.
      delete data.cells[cell].opened;
      queueMicrotask(() => tell({ cell, message: { ...opened, v: message.v, view: message.view, n: message.n } }));
    },
    listen(hear) {
      heard.add(hear);
      return () => heard.delete(hear);
    },
    keep(id, left) {
      if (!id) return;
      if (left) {
        busy.add(cell);
        kept.put(id, left);
      } else {
        busy.delete(cell);
        kept.drop(id);
      }
    },
    async moveOn() {}, // no kernel is ever another's heir
  };
}

/** @type {Map<string, Promise<any>>} */
const scripts = new Map();

/** @param {string} view */
async function load(view) {
  if (!scripts.has(view)) scripts.set(view, import(data.scripts[view]));
  const script = await scripts.get(view);
  return { ...script.default, words: { ...script.words, ...data.instead } };
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
    const again = setInterval(() => transport.send(message), AGAIN);
    const stop = transport.listen((told) => {
      if (told.kind === "cannot_show") el.append(paragraph("notice", told.problem));
      else if (told.kind !== "first") return;
      clearInterval(again);
      stop();
      resolve(told.info);
    });
    transport.send(message);
  });
}

/**
 * @param {string} className
 * @param {string} textContent
 */
const paragraph = (className, textContent) => Object.assign(document.createElement("p"), { className, textContent });

// What was kept comes back, unless something newer is on record: then a text is offered.
function bringBack() {
  const views = (globalThis.fieldguideKept ??= new WeakMap());
  const back = new Map();
  views.set(document.body, back);
  for (const [id, { left, time }] of kept.all()) {
    const cell = Object.keys(data.cells).find((one) => data.cells[one].info.id === id);
    if (!cell) continue;
    const { saved } = data.cells[cell].opened ?? {};
    if (saved && Date.parse(saved) > time) offer(id, cell, left, time, back);
    else back.set(id, left);
  }
}

/**
 * @param {string} id
 * @param {string} cell
 * @param {any} left
 * @param {number} time
 * @param {Map<string, any>} back
 */
function offer(id, cell, left, time, back) {
  const text = textOf(left);
  if (!text) return kept.drop(id);
  const box = Object.assign(document.createElement("section"), { className: "notice" });
  const when = new Date(time).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
    const node = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: data.words[name] });
    node.addEventListener("click", () => {
      box.remove();
      act();
    });
    return node;
  };
  const whole = document.createElement("blockquote");
  whole.append(...text.split("\n").map((part) => paragraph("", part)));
  box.append(
    paragraph("", data.words.not_saved_text.replace("{time}", when)),
    whole,
    button("put_back", () => {
      back.set(id, left);
      const el = /** @type {HTMLElement} */ (document.querySelector(`[data-cell="${CSS.escape(cell)}"]`));
      el.replaceChildren();
      draw(el).then(() => el.querySelector("h3")?.focus());
    }),
    " ",
    button("discard", () => kept.drop(id)),
  );
  document.getElementById("notices")?.append(box);
}

// The longest text of what a view left, as that is what somebody would miss.
/**
 * @param {any} left
 * @returns {string}
 */
function textOf(left) {
  if (typeof left === "string") return left.trim();
  if (!left || typeof left !== "object") return "";
  return Object.values(left).map(textOf).toSorted((a, b) => b.length - a.length)[0] ?? "";
}

function look() {
  if (document.visibilityState === "visible") server.look(busy);
}

// What was written last is saved before the page goes on to what is handed in, so that it is among it.
document.getElementById("hand-in")?.addEventListener("click", (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  const until = Date.now() + LAST;
  const look = setInterval(() => {
    if (busy.size && Date.now() < until) return;
    clearInterval(look);
    location.assign(href);
  }, 20);
});

bringBack();
/** @type {Promise<void>[]} */
const drawn = [];
for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cell]"))) {
  const done = draw(el);
  if (data.cells[/** @type {string} */ (el.dataset.cell)]) drawn.push(done); // a table comes in its own time
}
Promise.allSettled(drawn).then(() => document.getElementById("main")?.removeAttribute("data-drawing"));
setInterval(look, NEWS);
document.addEventListener("visibilitychange", look);
window.addEventListener("online", look);
