// The decision worksheet: is anyone in danger, and then five steps, of which some are worked and some to be written.

/** @param {Page<SheetInfo>} page */
function worksheetView(page) {
  const { el, info: sheet, words } = page;
  const say = speaker(words);
  const name = unique(sheet.id);
  const form = formView(page, say);
  const writes = sheet.steps.some((step) => !step.worked);
  const spot = () => make("div");

  // Is anyone in danger?
  const answers = sheet.danger.map((value) => {
    const input = make("input", { type: "radio", name: `${name}-danger`, value });
    return make("label", {}, input, say(`danger_${value}`));
  });
  const help = make("div", { role: "status" });
  const danger = make("fieldset", { class: "fg-danger" }, make("legend", {}, say("danger")), ...answers);
  const dangerSpot = spot();
  const chosenDanger = () => /** @type {HTMLInputElement | null} */ (danger.querySelector(":checked"))?.value ?? null;

  /** @param {FormValue} value */
  function turnTo(value) {
    const first = value === "yes" || value === "not-sure";
    if (first !== Boolean(help.firstChild)) {
      const told = first && make("div", { class: "fg-urgent" }, strong(say("help_first")), ...paragraphs(say("help")));
      help.replaceChildren(.../** @type {Node[]} */ ([told].filter(Boolean)));
    }
    const consult = /** @type {HTMLElement} */ (sections.at(-1));
    nameStep(consult, first);
    arrange(first ? [consult, ...sections.slice(0, -1)] : sections);
  }

  /**
   * @param {HTMLElement} section
   * @param {boolean} first
   */
  function nameStep(section, first) {
    const at = sections.indexOf(section);
    const told = { n: at + 1, title: say(sheet.steps[at].name) };
    /** @type {HTMLElement} */ (section.querySelector("h4")).textContent = say(first ? "step_first" : "step", told);
  }

  // Moves what has not the focus round what has it: a moved element would lose it.
  /** @param {HTMLElement[]} wanted */
  function arrange(wanted) {
    const held = wanted.findIndex((section) => section.contains(document.activeElement));
    if (held < 0) return steps.append(...wanted);
    wanted[held].before(...wanted.slice(0, held));
    wanted[held].after(...wanted.slice(held + 1));
  }

  form.add("danger", {
    node: danger,
    spot: dangerSpot,
    get: chosenDanger,
    set(value) {
      for (const input of danger.querySelectorAll("input")) input.checked = input.value === value;
      turnTo(value);
    },
  });
  danger.addEventListener("change", () => turnTo(chosenDanger()));

  // The steps
  /** @param {Standard} standard */
  const named = ({ id, gist }) => [make("b", {}, id), ` ${gist}`];

  /** @param {Standard[]} offered */
  function standardsOf(offered) {
    const rows = offered.map(({ id, gist }) => {
      const input = make("input", { type: "checkbox", value: id });
      return make("div", { class: "fg-option" }, make("label", {}, input, make("span", {}, ...named({ id, gist }))));
    });
    const node = make("fieldset", {}, make("legend", {}, say("which_standards")), ...rows);
    const place = spot();
    const inputs = [...node.querySelectorAll("input")];
    form.add("standards", {
      node,
      spot: place,
      get: () => inputs.filter((input) => input.checked).map((input) => input.value),
      set: (chosen) => inputs.forEach((input) => (input.checked = chosen.includes(input.value))),
    });
    return [node, place];
  }

  /**
   * @param {SheetStep} step
   * @param {HTMLElement} heading
   */
  function boxOf(step, heading) {
    const id = `${name}-${step.name}-text`;
    const question = step.blank ? asked(step.blank) : [say("your_text")];
    const label = make("label", { for: id, id: `${id}-label` }, ...question);
    // Without a question of its own a box is named by its step too.
    const labelled = step.blank ? {} : { "aria-labelledby": `${heading.id} ${label.id}` };
    const compare = step.compare && make("button", { type: "button" }, say("compare"));
    const box = boxField(form, say("review"), [label], { id, ...labelled }, compare);
    form.add(step.name, box);
    if (!compare) return [box.node];
    /** @type {(more: { text?: string, skip?: true }, asking: Asking) => void} */
    const ask = (more, heard) => form.ask(`compare ${step.name}`, { kind: "compare", step: step.name, ...more }, heard);
    /** @param {{ text: string }} answer */
    const parts = ({ text }) => [strong(say("compare_title")), ...paragraphs(text)];
    const told = { first: say("compare_first"), silent: say("no_answer") };
    return [box.node, comparison(compare, box.get, ask, parts, told)];
  }

  /** @param {string} text */
  const asked = (text) => text.split(/\n\s*\n/).map((part) => make("span", {}, part));

  /**
   * @param {SheetStep} step
   * @param {number} at
   */
  function sectionOf(step, at) {
    const heading = make("h4", { id: `${name}-${step.name}` }, say("step", { n: at + 1, title: say(step.name) }));
    const letter = make("span", { class: "fg-letter", "aria-hidden": "true" }, step.name[0].toUpperCase());
    const worked = step.worked && [soft(say("worked")), ...paragraphs(step.worked)];
    const content = worked ?? [...(step.offered.length ? standardsOf(step.offered) : []), ...boxOf(step, heading)];
    const { standards } = step;
    const applied = standards.length ? [strong(say("standards")), list("fg-gists", standards.map(named))] : [];
    return make(
      "section",
      { class: `fg-step${worked ? " fg-worked" : ""}`, "aria-labelledby": heading.id },
      letter,
      heading,
      make("div", {}, ...content, ...applied),
    );
  }

  const sections = sheet.steps.map(sectionOf);
  const steps = make("div", { class: "fg-steps" }, ...sections);
  const heading = make("h3", { id: name }, sheet.title);
  const body = make(
    "div",
    { class: "fg-body" },
    ...paragraphs(sheet.intro ?? ""),
    ...(writes ? [danger, dangerSpot, help] : paragraphs(say("danger_worked"))),
    steps,
    writes && form.foot,
    make("p", { class: "fg-soft fg-credit" }, say("credit")),
  );
  const header = make("header", {}, heading, make("span", {}, say("worksheet")));
  const marks = { id: `fg-${sheet.id}`, role: "region", "aria-labelledby": name };
  const card = frame(words, "article", "fg-card fg-form", marks, header, body);
  el.append(card);
  return form.start(card);
}

export default { overWidget, views: { worksheet: worksheetView } };
