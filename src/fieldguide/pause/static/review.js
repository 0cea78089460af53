// "Review my text": what in a text could identify somebody. Asked for by its writer, and never told while they type.
// To be put after the page's part. What is found comes after the element that holds the button; `ask` promises it.
/**
 * @param {HTMLButtonElement} button
 * @param {HTMLTextAreaElement} box
 * @param {Words} words
 * @param {Wire["review"]} ask
 */
function reviewWith(button, box, words, ask) {
  const say = speaker(words);
  const news = make("p", { class: "fg-strong", role: "status" });
  const stale = soft(say("stale"));
  const limits = soft(say("limits"));
  const places = make("ul", { class: "fg-finds", role: "list", "aria-label": say("finds") });
  let read = ""; // the text that was reviewed
  let waiting = false;

  // The kernel counts characters, the box counts units of UTF-16.
  /** @param {number} count */
  const units = (count) => [...read].slice(0, count).join("").length;

  // Where a find stands now: in a text that has changed, the same words nearest to where they were.
  /** @param {Find} find */
  function placeOf({ start, text }) {
    const from = units(start);
    if (box.value.startsWith(text, from)) return from;
    const [before, after] = [box.value.lastIndexOf(text, from), box.value.indexOf(text, from)];
    return after < 0 || (before >= 0 && from - before < after - from) ? before : after;
  }

  /** @param {Find} find */
  function select(find) {
    const from = placeOf(find);
    if (from < 0) tell(say("gone"));
    else box.setSelectionRange(from, from + find.text.length);
    box.focus(); // with what is selected in view
  }

  /** @param {string} text */
  function tell(text) {
    news.textContent = text;
  }

  /** @param {Find} find */
  function row(find) {
    const show = make("button", { type: "button", "aria-label": say("show_this", find) }, say("show"));
    show.addEventListener("click", () => select(find));
    const what = make("p", {}, make("q", {}, find.text), make("span", { class: "fg-kind" }, find.label));
    const instead = make("p", {}, say("instead", { text: find.instead }));
    return make("li", {}, make("div", {}, what, make("p", {}, find.why), instead), show);
  }

  /**
   * @param {Find[]} finds
   * @param {string} text
   */
  function show(finds, text) {
    read = text;
    places.replaceChildren(...finds.map(row));
    places.hidden = !finds.length;
    limits.hidden = false;
    stale.hidden = box.value === read;
    tell(finds.length ? say.count("found", finds.length) : say("found_nothing"));
  }

  function clear() {
    for (const part of [places, stale, limits]) part.hidden = true;
  }

  async function review() {
    if (waiting) return;
    waiting = true;
    tell(""); // so that the same result is told again
    const slow = setTimeout(tell, 400, say("reading"));
    const text = box.value;
    try {
      const finds = text.trim() ? await ask(text) : null;
      if (finds) show(finds, text);
      else {
        clear();
        setTimeout(tell, 50, say("write_first"));
      }
    } catch (told) {
      tell(/** @type {string | undefined} */ (told) ?? say("no_kernel"));
    }
    clearTimeout(slow);
    waiting = false;
  }

  clear();
  /** @type {Element} */ (button.parentNode).after(make("div", { class: "fg-review" }, news, limits, stale, places));
  button.addEventListener("click", review);
  box.addEventListener("input", () => (stale.hidden = limits.hidden || box.value === read));
  return review;
}

export default { overWidget, views: { review: reviewWith } };
