// Feedback: a panel in the status region, and notes in their rows.
/**
 * @param {Control} control
 * @param {Say} say
 * @param {string} name
 * @returns {[HTMLElement, (feedback: Feedback | null) => void]}
 */
function feedbackView(control, say, name) {
  const panel = make("div", { hidden: "", "aria-live": "off" });

  /**
   * @param {Note} note
   * @param {string} own the row's text
   */
  function noteOn(note, own) {
    // The label goes without the row's own text, which is read there already.
    let label = note.label ?? "";
    if (own && label.startsWith(own)) label = label.slice(own.length).replace(/^[\s—–:-]+/, "");
    const tone = note.right ? "right" : "wrong";
    const told = note.right && label ? say("answer_is", { answer: label }) : [say(`${note.is}_${tone}`), label].filter(Boolean).join(": ");
    const title = note.is === "place" ? label : told; // the places themselves are the answer
    return make("div", { class: `fg-note fg-${tone}` }, strong(title), ...paragraphs(note.text));
  }

  /** @param {Feedback | null} feedback */
  function show(feedback) {
    panel.hidden = !feedback;
    panel.replaceChildren();
    for (const { row, input } of control.rows.values()) {
      row.querySelector(".fg-note")?.remove();
      input.removeAttribute(ABOUT);
    }
    if (!feedback) return;
    const { verdict, title, score_text: score, calibration, notes } = feedback;
    panel.className = `fg-verdict ${/** @type {Record<string, string>} */ ({ right: "fg-right", revealed: "" })[verdict] ?? "fg-wrong"}`;
    panel.append(make("p", { class: "fg-strong fg-title" }, title), ...paragraphs(score ?? ""));
    const placed = notes.filter((note) => control.rows.has(note.option));
    // A single reason is about the one answer given: it is read with the verdict.
    const lone = notes.length === 1 && notes[0].is !== "prompt" && (placed.length === 1 || !notes[0].label);
    for (const note of notes) {
      const place = !lone && control.rows.get(note.option);
      if (lone) panel.append(...paragraphs(note.text));
      else if (!place) panel.append(noteOn(note, ""));
      else {
        const node = noteOn(note, place.text);
        node.id = `${name}-note-${note.option}`;
        place.row.append(node);
        place.input.setAttribute(ABOUT, node.id);
      }
    }
    if (placed.length && !lone) panel.append(soft(say("notes_above")));
    if (calibration) panel.append(soft(calibration));
  }

  return [panel, show];
}
