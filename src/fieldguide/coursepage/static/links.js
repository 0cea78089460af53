// A question's own address: each card ends with a link to itself, to be copied or kept.

const SHOWN = 5000; // ms for which it is said what became of it

/**
 * @param {HTMLElement} place of a cell that is drawn
 * @param {Words} words
 */
export function linkTo(place, words) {
  const card = place.querySelector(".fg-card[id]");
  const heading = card?.querySelector("h3");
  if (!card || !heading) return;
  const link = Object.assign(document.createElement("a"), {
    href: `?at=${encodeURIComponent(card.id)}#${card.id}`, // what stands behind # gets lost where one logs in first
    textContent: words.link_to.replace("{what}", heading.textContent ?? ""),
  });
  const line = document.createElement("span");
  line.ariaLive = "polite"; // a card has one status already, of its answer
  /** @type {number | undefined} */
  let told;
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.replaceState(history.state, "", link.href);
    line.textContent = "";
    line.textContent = words[await copied(link.href)];
    clearTimeout(told);
    told = setTimeout(() => (line.textContent = ""), SHOWN);
  });
  const foot = Object.assign(document.createElement("p"), { className: "own-link" });
  foot.append(line, link);
  card.append(foot);
}

/**
 * Gives the key of what to say of it. A browser lets a page copy only over https, and where it is not forbidden.
 * @param {string} address
 */
async function copied(address) {
  try {
    await navigator.clipboard.writeText(address);
    return "link_copied";
  } catch {
    return "link_above";
  }
}
