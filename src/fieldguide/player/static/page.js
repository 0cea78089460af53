// What every view of a page is made with. The files that a view needs are put together into one script.
// Every text comes from the words file or the module. What a student answers leaves by custom messages only.

const ABOUT = "aria-describedby";
const MUTED = "data-lm-suppress-shortcuts"; // JupyterLab hears no keys there: "b" would insert a cell
const FOCUSABLE = /^(a|button|input|select|textarea)$/;

// Fills in {placeholders}; count also finds the plural form, "key.one" or "key.other".
/**
 * @param {Words} words
 * @returns {Say}
 */
function speaker(words) {
  const rules = new Intl.PluralRules(words.lang);
  // Somebody who reads English may live where the clock has 24 hours.
  const locale = navigator.languages.find((one) => one.split("-")[0] === words.lang.split("-")[0]) ?? words.lang;
  /** @type {Say} */
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  say.count = (key, n, values) => {
    const form = `${key}.${rules.select(n)}`;
    return say(words[form] ? form : `${key}.other`, { n, ...values });
  };
  // A time of the record as the reader's clock has it; an older one with its day.
  say.time = (utc) => {
    const time = new Date(utc);
    /** @type {Intl.DateTimeFormatOptions} */
    const day = time.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    return time.toLocaleString(locale, { ...day, hour: "numeric", minute: "2-digit" });
  };
  return say;
}

// Strings become text nodes: nothing is ever read as HTML.
/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (FOCUSABLE.test(tag) || "tabindex" in attributes) node.setAttribute(MUTED, "true");
  node.append(.../** @type {Node[]} */ (children.filter(Boolean)));
  return node;
}

// A screen reader reads what leads up to a question, in its order, with the control that one first comes to, and not at
// each return: for once it is the name. A description would be read last, after the first answer.
/**
 * @param {HTMLElement} node a group, or a box
 * @param {object} parts
 */
function introduce(node, parts) {
  const once = { once: true };
  const told = () => Object.values(parts).map((part) => part?.innerText).filter(Boolean).join("\n");
  node.addEventListener("focusin", () => (node.ariaLabel = told()), once);
  node.addEventListener("focusout", () => (node.ariaLabel = null), once);
}

/** @type {(words: Words, tag: "section" | "article", look: string, attributes: Record<string, any>, ...children: Child[]) => HTMLElement} */
const frame = (words, tag, look, attributes, ...children) =>
  make(tag, { class: `fg-root ${look}`, lang: words.lang, dir: words.dir, ...attributes }, ...children);
/**
 * @param {string} look
 * @param {(Child | Child[])[]} entries
 */
const list = (look, entries) =>
  make("ul", { class: look }, ...entries.map((entry) => make("li", {}, ...[entry].flat())));
/** @type {(text: string, look: string, act: () => void) => HTMLButtonElement} */
const press = (text, look, act) => {
  const node = make("button", { type: "button", class: look }, text);
  node.onclick = act;
  return node;
};
/** @param {string} text */
const strong = (text) => make("p", { class: "fg-strong" }, text);
/** @param {string} text */
const soft = (text) => make("p", { class: "fg-soft" }, text);
/** @param {string} text */
const paragraphs = (text) => text.split(/\n\s*\n/).filter(Boolean).map((part) => make("p", {}, part));
// A text as it stands inside a sentence.
/** @param {string} text */
const unstopped = (text) => text.replace(/[.\s]+$/, "");
// One text of several, with a full stop after each that has no end of its own, where there is more than one.
/** @param {...(string | false | null | undefined)} texts */
const sentences = (...texts) =>
  /** @type {string[]} */ (texts.filter(Boolean)).map((text, _at, all) => (all[1] && !/[.?!]["”’)]*$/.test(text) ? `${text}.` : text)).join(" ");
/** @param {Element} node */
const notebookOf = (node) => node.closest(".jp-NotebookPanel") ?? document.body;
/** @param {string | undefined} id */
const unique = (id) => `fg-${id}-${Math.random().toString(36).slice(2, 8)}`;

// Timers, by their names, and listeners: all end with what set them, at the latest with the view.
/**
 * @param {AbortSignal} [whole]
 * @returns {Timers}
 */
function untilOver(whole) {
  /** @type {Record<string, number>} */
  const timers = {};
  const over = new AbortController();
  const { signal } = over;
  /** @type {Timers["cancel"]} */
  const cancel = (...names) => names.forEach((timer) => clearTimeout(timers[timer]));
  /** @type {Timers["later"]} */
  const later = (timer, ms, act) => {
    cancel(timer);
    timers[timer] = setTimeout(act, ms);
  };
  /** @type {Timers["listen"]} */
  const listen = (target, type, act, capture = false) => target.addEventListener(type, act, { signal, capture });
  const end = () => {
    over.abort();
    cancel(...Object.keys(timers));
  };
  whole?.addEventListener("abort", end, { signal });
  return { signal, cancel, later, listen, end };
}

// What no kernel took outlives its view, in the page's memory, for the view that comes when cells run again.
/**
 * @param {Element} node
 * @returns {Map<string | undefined, any>} by the ids of what they are to
 */
function keptAnswers(node) {
  const notebooks = (globalThis.fieldguideKept ??= new WeakMap());
  const notebook = notebookOf(node);
  if (!notebooks.has(notebook)) notebooks.set(notebook, new Map());
  return /** @type {Map<string | undefined, any>} */ (notebooks.get(notebook));
}
