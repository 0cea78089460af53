// A text to compare one's own with. It is folded until it is asked for, and given only where something was written or,
// where that may be, writing is skipped. To be put after page.js. `ask` gets what to ask along, and hears the answer;
// `parts` makes nodes of the answer. The texts are what to say.
/**
 * @param {HTMLButtonElement} button
 * @param {() => string} written
 * @param {(more: { text?: string, skip?: true }, asking: Asking) => void} ask
 * @param {(answer: { text: string, look_for?: string[] }) => Node[]} parts
 * @param {{ first: string, silent: string, skip?: string }} texts
 */
function comparison(button, written, ask, parts, { first, silent, skip }) {
  const told = soft("");
  const shown = make("div", { class: "fg-verdict", hidden: "" });
  /** @type {HTMLButtonElement | undefined} */
  const pass = /** @type {any} */ (skip && make("button", { type: "button", hidden: "" }, skip));

  /** @param {boolean} open */
  function toggle(open) {
    shown.hidden = !open;
    button.ariaExpanded = /** @type {any} */ (open);
  }

  /** @param {{ text?: string, skip?: true }} more */
  function request(more) {
    told.textContent = "";
    ask(more, { hear: onCompared, silent: (why = silent) => void (told.textContent = why) });
  }

  /** @param {Compared} answer */
  function onCompared(answer) {
    if (!answer.text) return;
    if (pass) pass.hidden = true;
    shown.replaceChildren(...parts(/** @type {{ text: string }} */ (answer)));
    toggle(true);
  }

  button.ariaExpanded = /** @type {any} */ (false);
  button.addEventListener("click", () => {
    const open = button.ariaExpanded === "true";
    if (open || shown.firstChild) return toggle(!open);
    told.textContent = ""; // to be read out each time
    if (written().trim()) return request({ text: written() });
    if (pass) pass.hidden = false;
    setTimeout(() => (told.textContent = first), 50);
  });
  pass?.addEventListener("click", () => {
    button.focus(); // the focus is not lost with the button that had it
    request({ skip: true });
  });
  return make("div", { class: "fg-compared" }, make("div", { role: "status" }, told, shown), pass && make("div", { class: "fg-foot" }, pass));
}
