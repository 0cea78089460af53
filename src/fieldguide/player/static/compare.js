// A text to compare one's own with. It is folded until it is asked for, and given only where something was written or,
// where that may be, writing is skipped. To be put after page.js. `ask` gets what to ask along, and hears the answer;
// `parts` makes nodes of the answer. The texts are what to say.
function comparison(button, written, ask, parts, { first, silent, skip }) {
  const told = soft("");
  const shown = make("div", { class: "fg-verdict", hidden: "" });
  const pass = skip && make("button", { type: "button", hidden: "" }, skip);

  function toggle(open) {
    shown.hidden = !open;
    button.ariaExpanded = open;
  }

  function request(more) {
    told.textContent = "";
    ask(more, { hear: onCompared, silent: () => (told.textContent = silent) });
  }

  function onCompared(answer) {
    if (!answer.text) return;
    if (pass) pass.hidden = true;
    shown.replaceChildren(...parts(answer));
    toggle(true);
  }

  button.ariaExpanded = false;
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
