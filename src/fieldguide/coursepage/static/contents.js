// The contents of a page: which section one is in, and the list that goes away once one has chosen from it.

const READ = 0.3; // of the window's height: what is above this line is being read or was

/** The link to each heading that the contents show, in order. */
export function linksOf(/** @type {HTMLElement} */ contents) {
  const links = [.../** @type {NodeListOf<HTMLAnchorElement>} */ (contents.querySelectorAll("a[href^='#']"))];
  return links.flatMap((link) => {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
}

/** The section one is in; null above the first. */
export function sectionOf(/** @type {ReturnType<typeof linksOf>} */ links) {
  return links.findLast(({ heading }) => heading.getBoundingClientRect().top < innerHeight * READ) ?? null;
}

export function followContents() {
  const contents = /** @type {HTMLElement} */ (document.getElementById("contents"));
  const links = linksOf(contents);
  /** @type {HTMLElement | undefined} */
  let marked;
  let waiting = false;
  function mark() {
    waiting = false;
    const link = sectionOf(links)?.link;
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    marked = link;
    if (!link || contents.matches(":hover, :focus-within")) return;
    const [box, row] = [contents.getBoundingClientRect(), link.getBoundingClientRect()];
    if (row.top < box.top || row.bottom > box.bottom) contents.scrollTop += row.top - box.top - box.height / 3;
  }
  function soon() {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }
  document.addEventListener("scroll", soon, { passive: true });
  new ResizeObserver(soon).observe(/** @type {HTMLElement} */ (document.getElementById("main")));
  // Who opened the list is in it: else a screen reader begins to read all of it out at the button.
  contents.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") contents.focus({ preventScroll: true });
  });
  contents.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("a") && contents.matches(":popover-open")) contents.hidePopover();
  });
}
