// A table that is too wide for the page scrolls by itself: while it does, it can be reached by keyboard and has a name.

/** @param {Words} words */
export function nameScrollers(words) {
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(/** @type {HTMLElement} */ (target), words)));
  for (const box of document.querySelectorAll(".scroller")) sizes.observe(box);
}

/**
 * @param {HTMLElement} box
 * @param {Words} words
 */
function mark(box, words) {
  if (box.scrollWidth <= box.clientWidth) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    return;
  }
  const before = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")].findLast(
    (heading) => heading.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", words.wide_table.replace("{section}", before?.textContent ?? ""));
}
