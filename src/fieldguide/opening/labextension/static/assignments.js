// nbgrader's list of assignments has links without an address ("view feedback"): Tab passes them by and Enter does
// nothing. This makes them stops of Tab that Enter follows.

export function bringLinksIntoReach() {
  const mend = () => {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll("#nbgrader-assignment-list a:not([href], [tabindex])");
    for (const link of links) {
      link.tabIndex = 0;
      link.setAttribute("role", "link");
      link.setAttribute("data-lm-suppress-shortcuts", "true");
      link.addEventListener("keydown", (event) => event.key === "Enter" && link.click());
    }
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
}
