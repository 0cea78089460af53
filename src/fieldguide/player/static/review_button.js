// "Review my text": what reviews it comes with the first press of the button, and then listens to the button itself.
/**
 * @param {HTMLButtonElement} button
 * @param {HTMLTextAreaElement} box
 * @param {Page<unknown>["load"]} load
 * @param {Wire} wire
 * @param {Unanswered} silent what to do while there is no answer
 */
function reviewOnRequest(button, box, load, wire, silent) {
  let here = false;

  /** @param {Part} part */
  async function hear({ parts }) {
    if (here) return;
    here = true;
    const { views, words } = await load(parts);
    views.review(button, box, words, wire.review)();
  }

  button.addEventListener("click", () => {
    if (!here) wire.ask(hear, { kind: "part", name: "review" }, { hear, silent });
  });
}
