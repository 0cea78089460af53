// What a word of the glossary means, shown at the word: its link leads to the meaning at the end of the page all the same.

const GAP = 6; // px between a word and its meaning

/** @param {Words} words */
export function showTerms(words) {
  const box = /** @type {HTMLElement} */ (document.getElementById("term"));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".prose a[href^='#']"))) {
    const meaning = meaningOf(link);
    if (!meaning || link.closest(".is-words")) continue;
    link.classList.add("is-defined");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      fill(box, meaning, link, words);
      box.showPopover();
      put(box, link);
      box.focus({ preventScroll: true });
    });
  }
  // Where nothing else was pressed, one goes on from the word.
  box.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed" && box.contains(document.activeElement)) opener?.focus({ preventScroll: true });
  });
}

/** @type {HTMLElement | undefined} */
let opener;

/** @param {HTMLAnchorElement} link */
function meaningOf(link) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  return heading?.localName === "h4" && heading.closest(".is-words") ? heading : null;
}

/**
 * @param {HTMLElement} box
 * @param {HTMLElement} heading
 * @param {HTMLAnchorElement} link
 * @param {Words} words
 */
function fill(box, heading, link, words) {
  opener = link;
  /** @type {Node[]} */
  const said = [];
  // The last paragraph of a meaning leads back to the sections that use the word.
  for (let next = heading.nextElementSibling; next?.nextElementSibling && next.nextElementSibling.localName !== "h4"; next = next.nextElementSibling) {
    said.push(next.cloneNode(true));
  }
  if (!said.length && heading.nextElementSibling) said.push(heading.nextElementSibling.cloneNode(true));
  const title = Object.assign(document.createElement("h2"), { id: "term-title", textContent: heading.textContent });
  const all = Object.assign(document.createElement("a"), { href: link.hash, textContent: words.all_words });
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: words.close });
  all.addEventListener("click", () => {
    opener = undefined;
    box.hidePopover();
  });
  close.addEventListener("click", () => box.hidePopover());
  const foot = document.createElement("div");
  foot.append(all, close);
  box.replaceChildren(title, ...said, foot);
}

// Below its word where there is room, else above it.
/**
 * @param {HTMLElement} box
 * @param {HTMLElement} link
 */
function put(box, link) {
  const word = link.getClientRects()[0];
  const { width, height } = box.getBoundingClientRect();
  const below = word.bottom + GAP + height <= innerHeight || word.top < height + GAP;
  const left = Math.max(GAP, Math.min(word.left, document.documentElement.clientWidth - width - 2 * GAP));
  box.style.left = `${left + scrollX}px`;
  box.style.top = `${(below ? word.bottom + GAP : word.top - GAP - height) + scrollY}px`;
}
