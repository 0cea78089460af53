// A module's page: brings its views to life, and lets nothing get lost between what stands in them and the server.

import { givenElsewhere, isOnRecord, isOwn, keeping } from "./keeping.js";
import { linkTo } from "./links.js";
import { offering, paragraph } from "./offers.js";
import { showProgress } from "./progress.js";
import { savingShown } from "./saving.js";
import { serverOf } from "./server.js";

/** @typedef {import("./keeping.js").Kept} Kept */

/** @type {PageData} */
const data = JSON.parse(/** @type {HTMLElement} */ (document.querySelector("script#fieldguide")).textContent ?? "");
// Of several pages of this module, this one; crypto.randomUUID is not there without https.
const page = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");
const NEWS = 4000; // ms between looks for what another page or a notebook has saved
const WAIT = 20000; // ms until what got no answer is asked again

const MOST = 8; // of what was sent of a cell, and not answered, that is known again
const LAST = 10000; // ms that saving what was written last may take before the page goes on

const kept = keeping(data.store, page, () => showSaving());
const left = kept.found(); // by earlier pages
const server = serverOf({ data, page, tell, tellNews, show: (_, more) => showSaving(more) });
const offer = offering({ data, drop: kept.drop, putBack });

/** @type {Map<string, Set<Hearer>>} by cell */
const hearers = new Map();
/** @type {Map<string, any>} by cell, what is not saved of it */
const unsaved = new Map();
/** @type {Map<string, { n: number | null, now: any }[]>} by cell, what was sent and may be saved without our knowing */
const sent = new Map();
/** @type {Set<string>} cells of which something was refused: their views try again, and say why */
const refused = new Set();
/** @type {Map<string, any>} by cell, the latest state that was told */
const states = new Map();
/** @type {Set<string>} cells that there is news of, for when what stands here is saved */
const postponed = new Set();
/** @type {Map<string, Kept>} by cell, what an earlier page left and its view takes up */
const takenUp = new Map();
/** @type {WeakMap<Element, () => void>} what ends a cell's view */
const ends = new WeakMap();

// What the channels of views take up when they open (player/static/page.js); the key is the id of what a view shows.
/** @type {Map<string | undefined, any>} */
const forViews = new Map();
globalThis.fieldguideKept = new WeakMap([[document.body, forViews]]);

const showSaving = savingShown(data, () => {
  const [cell] = refused;
  return {
    trouble: server.trouble,
    refused: cell ? `#fg-${data.cells[cell].info.id}` : "",
    open: unsaved.size > 0,
    busy: server.busy,
    keeps: kept.works,
  };
});

/** @param {string} cell */
const sentOf = (cell) => (sent.get(cell) ?? []).map(({ now }) => now);

/** @param {string} cell */
const placeOf = (cell) => /** @type {HTMLElement | null} */ (document.querySelector(`[data-cell="${CSS.escape(cell)}"]`));

// Keeps what is not saved of a cell, for a browser or a computer that breaks down; and no longer than that.
/**
 * @param {string} cell
 * @param {any} now
 */
function keep(cell, now) {
  if (now) {
    unsaved.set(cell, now);
    kept.put(cell, now, states.get(cell)?.saved ?? null, sentOf(cell));
  } else if (unsaved.delete(cell)) {
    refused.delete(cell);
    sent.delete(cell);
    kept.clear(cell);
    // Another view may show more than what was saved here.
    if (postponed.delete(cell)) server.send(cell, { kind: "open", view: page, n: Date.now(), v: 1 });
  } else return;
  showSaving();
}

/** @param {Told} told */
function tell({ cell, message, buffers = [] }) {
  if (!message) return;
  if (message.kind === "progress") showProgress(message, data.words);
  if ("saved" in message && !message.problem) {
    states.set(cell, message);
    sent.set(cell, (sent.get(cell) ?? []).filter(({ n }) => !(Number(n) <= message.n)));
  }
  if (message.problem && unsaved.has(cell)) {
    refused.add(cell);
    showSaving();
  }
  const bytes = buffers.map((text) => new DataView(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer));
  for (const hear of hearers.get(cell) ?? []) hear(message, bytes);
  if (message.n === null) settle(cell);
}

// What another page or a notebook saved: it does not take the place of what stands here and is not saved yet.
/**
 * @param {Told} news
 * @param {number} n
 */
function tellNews({ cell, message }, n) {
  if (!isNew(cell, message)) return;
  const mine = unsaved.get(cell);
  const place = placeOf(cell);
  if (!mine || !place) return tell({ cell, message: { ...message, n } });
  postponed.add(cell);
  const theirs = givenElsewhere(message, mine);
  const known = states.get(cell);
  if (theirs === null || (known && isOnRecord(theirs, known))) return; // it stood here before
  if (isOwn(sentOf(cell), theirs)) return;
  const key = kept.put(cell, theirs, null, [], "-elsewhere");
  offer({ key, cell, page, left: theirs, base: null, at: Date.now() }, "meanwhile", place);
}

// A connection that is lost may have taken the first of what is sent from then on, and one that comes back the latest.
/**
 * @param {string} cell
 * @param {number | null} n
 * @param {any} now
 */
function remember(cell, n, now) {
  const text = JSON.stringify(now);
  const those = (sent.get(cell) ?? []).filter((one) => JSON.stringify(one.now) !== text);
  if (those.length === MOST) those.splice(1, 1);
  sent.set(cell, [...those, { n, now }]);
}

// What an earlier page left of a cell goes on from where it was; where something else was saved since, the student says.
/**
 * @param {string} cell
 * @param {Kept[]} left
 */
function takeUp(cell, left) {
  const { info, opened, by } = data.cells[cell];
  for (const one of left.filter((each) => each.cell === cell)) {
    const theirs = givenElsewhere(opened, one.left);
    const isItsOwn = one.page === by || (theirs !== null && isOwn(one.sent ?? [], theirs));
    const follows = isItsOwn || one.base === (opened.saved ?? null);
    if (isOnRecord(one.left, opened)) kept.drop(one.key);
    else if (follows && !takenUp.has(cell)) {
      takenUp.set(cell, one);
      forViews.set(info.id, one.left);
    } else offer(one, "not_saved_text");
  }
}

// What a view took up it keeps itself from now on.
/** @param {string} cell */
function settle(cell) {
  const one = takenUp.get(cell);
  if (!one) return;
  takenUp.delete(cell);
  if (unsaved.has(cell)) kept.drop(one.key);
  else offer(one, "not_saved_text");
}

/** @param {Kept} one */
async function putBack(one) {
  const place = /** @type {HTMLElement} */ (placeOf(one.cell));
  ends.get(place)?.();
  place.replaceChildren();
  takenUp.set(one.cell, one);
  forViews.set(data.cells[one.cell].info.id, one.left);
  await draw(place);
  place.querySelector("h3")?.focus();
}

/**
 * @param {string} cell
 * @returns {Transport}
 */
function overHttp(cell) {
  /** @type {Set<Hearer>} */
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
      const now = unsaved.get(cell);
      if (now) remember(cell, message.n, now);
      server.send(cell, message);
    },
    listen(hear) {
      heard.add(hear);
      return () => heard.delete(hear);
    },
    keep: (_, now) => keep(cell, now),
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
  if (data.cells[cell]?.opened) takeUp(cell, await left);
  ends.set(el, views[data.views[cell]]({ el, info, words, transport, load: (/** @type {string[]} */ [part]) => load(part) }));
  linkTo(el, data.words);
  if (el.nextElementSibling?.matches(".is-still")) el.nextElementSibling.remove();
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
      if (told.kind === "cannot_show") el.append(paragraph(told.problem, "notice"));
      else if (told.kind !== "first") return;
      clearInterval(again);
      stop();
      resolve(told.info);
    });
    transport.send(message);
  });
}

function lookForNews() {
  if (document.visibilityState === "visible") server.news();
}

// A server that was started again tells all there is.
/**
 * @param {string} cell
 * @param {any} message
 */
function isNew(cell, message) {
  const known = states.get(cell);
  const bare = (/** @type {any} */ { v, view, n, note, problem, ...rest }) => JSON.stringify(rest);
  return Boolean(message) && (!known || bare(known) !== bare(message));
}

// What was written last is saved before the page goes on to what is handed in, so that it is among it.
document.getElementById("hand-in")?.addEventListener("click", (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  const until = Date.now() + LAST;
  const look = setInterval(() => {
    if (unsaved.size && !server.trouble && Date.now() < until) return;
    clearInterval(look);
    location.assign(href);
  }, 20);
});

// Nobody is asked whether to leave who loses nothing by it. This comes before the channels', which would ask.
addEventListener("beforeunload", (event) => !server.trouble && kept.works && event.stopImmediatePropagation());
/** @type {Promise<void>[]} */
const drawn = [];
for (const el of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cell]"))) {
  const done = draw(el);
  if (data.cells[/** @type {string} */ (el.dataset.cell)]) drawn.push(done); // a table comes in its own time
}
Promise.allSettled(drawn).then(() => document.getElementById("main")?.removeAttribute("data-drawing"));
left.then((all) => {
  for (const one of all) if (!data.cells[one.cell]) offer(one, "not_asked_text");
});
setInterval(lookForNews, NEWS);
document.addEventListener("visibilitychange", lookForNews);
addEventListener("pageshow", lookForNews); // a page that comes back out of the browser's memory has missed some
addEventListener("online", lookForNews);
