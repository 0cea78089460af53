// Where one is in a page: a place that an address names stays in sight while cells are drawn, and where one stopped is offered.
import { linksOf, sectionOf } from "./contents.js";

const LEAST = 1.5; // windows that one must have read on for the place to be worth an offer
const QUIET = 1500; // ms without a change after which the page counts as drawn

/** Goes to a question that the address names, once it is drawn. */
export function goToNamed() {
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const stop = new AbortController();
  const end = () => stop.abort();
  let found = false;
  function look() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !main.contains(target)) return;
    target.scrollIntoView({ behavior: "instant" });
    if (!main.matches("[data-drawing]") && !main.querySelector("[data-cell]:empty")) end();
    if (found) return;
    const heading = /** @type {HTMLElement | null} */ (target.matches(".fg-root") ? target.querySelector("h3") : target);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
    found = document.activeElement === heading; // what is not shown yet takes no focus
  }
  const at = new URLSearchParams(location.search).get("at"); // what a card's own link says twice
  if (at) history.replaceState(history.state, "", location.pathname + (location.hash || `#${encodeURIComponent(at)}`));
  if (location.hash) hold();
  window.addEventListener("hashchange", () => {
    found = false;
    look();
  });

  // Cells that are drawn above it would move it, until the reader moves on.
  function hold() {
    const sizes = new ResizeObserver(look);
    sizes.observe(main);
    const shown = new MutationObserver(look);
    shown.observe(main, { attributeFilter: ["data-drawing"] });
    for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      window.addEventListener(type, end, { signal: stop.signal, passive: true });
    }
    stop.signal.addEventListener("abort", () => [sizes, shown].forEach((one) => one.disconnect()));
  }
}

/**
 * Remembers where one is, and offers where one was. Nobody is moved unasked.
 * @param {string} store under which the browser keeps it
 * @param {Words} words
 */
export function rememberPlace(store, words) {
  const key = `fieldguide-place:${store}`;
  const links = linksOf(/** @type {HTMLElement} */ (document.getElementById("contents")));
  const parts = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-place]"))];
  const was = read(key);
  const there = parts.find((part) => part.dataset.place === was?.place);
  const before = there && links.findLast(({ heading }) => !(there.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING) || there.contains(heading));
  if (there && before && !location.hash) offer(there, before.heading, words);
  let timer = 0;
  document.addEventListener(
    "scroll",
    () => {
      clearTimeout(timer);
      timer = window.setTimeout(keep, QUIET / 3);
    },
    { passive: true },
  );
  window.addEventListener("pagehide", keep);

  function keep() {
    const top = parts.findLast((part) => part.getBoundingClientRect().top < innerHeight / 3);
    // Who only looks at the beginning again has not moved the mark.
    if (scrollY < innerHeight * LEAST || !top || !sectionOf(links)) return;
    try {
      localStorage.setItem(key, JSON.stringify({ place: top.dataset.place }));
    } catch {
      // A browser that keeps nothing has nothing to offer.
    }
  }
}

/** @param {string} key */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {HTMLElement} there
 * @param {HTMLElement} heading
 * @param {Words} words
 */
function offer(there, heading, words) {
  const box = /** @type {HTMLElement} */ (document.getElementById("offer"));
  const said = document.createElement("span");
  said.textContent = words.stopped_at.replace("{section}", heading.textContent ?? "");
  const go = Object.assign(document.createElement("a"), { href: `#${heading.id}`, textContent: words.go_there });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: words.close });
  go.addEventListener("click", (event) => {
    event.preventDefault();
    box.hidden = true;
    there.dataset.stopped = words.stopped_here;
    there.classList.add("stopped");
    there.tabIndex = -1;
    there.scrollIntoView();
    there.focus({ preventScroll: true });
  });
  close.addEventListener("click", () => {
    box.hidden = true;
    document.getElementById("main")?.focus({ preventScroll: true }); // a button that is gone leaves the keyboard nowhere
  });
  box.replaceChildren(said, go, close);
  box.hidden = false;
  // Who reads on from where they are has decided.
  document.addEventListener("scroll", function away() {
    if (scrollY < innerHeight * LEAST) return;
    box.hidden = true;
    document.removeEventListener("scroll", away);
  });
}
