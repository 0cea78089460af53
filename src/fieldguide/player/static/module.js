// The head of a module, and the views of the player.

/** @param {Page<ModuleInfo>} page */
function moduleView({ el, info: module, words, transport }) {
  const say = speaker(words);
  const name = unique("module");
  const uses = Object.entries(module.counts).filter(([, n]) => n);
  const facts = [
    say.count("minutes", module.minutes),
    ...uses.map(([use, n]) => say.count(`count_${use}`, n)),
    ...(module.preview ? [say("preview")] : []),
  ];
  const bar = make("progress", { id: `${name}-bar` });
  const label = make("label", { for: bar.id });
  const line = soft("");
  const open = make("ul");
  const handed = make("p", { class: "fg-strong" });
  const changed = make("ul");
  const again = soft("");
  const submission = make("div", { class: "fg-progress fg-submission", role: "status" }, handed, changed, again);
  const progress = make("div", { class: "fg-progress", hidden: "" }, label, bar, line, open);
  const sure = make("input", { type: "checkbox" });
  const tally = list("fg-facts", []);
  const certainty = make("div", { class: "fg-certainty fg-soft" }, make("label", {}, sure, say("ask_certainty")), tally);
  const trouble = make("div", { role: "status" });
  const heading = make("h1", { id: name, tabindex: -1 }, module.title);
  const objectives = [make("h2", {}, say("objectives")), list("fg-objectives", module.objectives)];
  const head = frame(
    words,
    "section",
    "fg-module",
    { "aria-labelledby": name },
    module.number && soft(say("module", { number: module.number })),
    heading,
    list("fg-facts fg-soft", facts),
    ...(module.objectives.length ? objectives : []),
    submission,
    progress,
    module.counts.practice && certainty,
    trouble,
  );
  /** @type {Map<Element, string>} */
  const shown = new Map(); // the links of a list, as text

  /** @param {Numbered} question */
  function linkTo({ id, number, use }) {
    const title = say("heading", { use: say(use), number });
    const link = make("a", { href: `#fg-${id}` }, title);
    link.onclick = (event) => {
      event.preventDefault();
      /** @type {HTMLElement | null} */
      const target = notebookOf(head).querySelector(`#${CSS.escape(`fg-${id}`)} h3`); // another may hold it too
      if (!target) line.textContent = say("not_loaded", { name: title });
      target?.scrollIntoView();
      target?.focus({ preventScroll: true });
    };
    return make("li", {}, link);
  }

  const wire = openChannel(transport, { id: "module", say, hear: onProgress });
  sure.onchange = () => {
    const silent = (told = say("no_kernel")) => complain([told]);
    wire.ask("certainty", { kind: "certainty", on: sure.checked }, { hear: onProgress, silent });
  };

  // In a live region, so only when it is new.
  /** @param {string[]} texts */
  function complain(texts) {
    if (texts.length === trouble.children.length) return;
    trouble.className = texts.length ? "fg-problem" : "";
    trouble.replaceChildren(...texts.map((text) => make("p", {}, text)));
  }

  /** @param {Progress} progress */
  function onProgress({ kind, graded, certainty, set_aside: setAside, problem, handed_in: last }) {
    if (kind !== "progress") return;
    sure.checked = certainty.on;
    tally.replaceChildren(...certainty.tally.map((text) => make("li", {}, text)));
    const told = [problem && say("not_kept", { problem }), setAside.length && say("set_aside"), ...setAside];
    complain(/** @type {string[]} */ (told.filter(Boolean)));
    progress.hidden = !graded.total;
    bar.max = graded.total || 1;
    bar.value = graded.answered;
    label.textContent = say.count("answered", graded.total, { answered: graded.answered });
    line.textContent = say(graded.unanswered.length ? "unanswered" : "all_answered");
    if (!graded.unanswered.length && !last) line.textContent += ` ${say("how_to_submit")}`;
    showLinks(open, graded.unanswered);
    showSubmission(last);
  }

  // The links stay as they are while they lead to the same questions, and so does the focus.
  /**
   * @param {HTMLElement} list
   * @param {Numbered[]} questions
   */
  function showLinks(list, questions) {
    const news = JSON.stringify(questions);
    if (news === shown.get(list)) return;
    shown.set(list, news);
    if (list.matches(":focus-within")) heading.focus();
    list.replaceChildren(...questions.map(linkTo));
  }

  /** @param {Progress["handed_in"]} last */
  function showSubmission(last) {
    const { time, changed: questions } = last ?? { changed: [] };
    const told = last ? say(questions.length ? "changed_since" : "handed_in", { time: say.time(/** @type {string} */ (time)) }) : "";
    if (handed.textContent !== told) handed.textContent = told;
    showLinks(changed, questions);
    again.textContent = questions.length ? say("submit_again") : "";
  }

  el.append(head);
  const ask = () => wire.open((told) => told && complain([told]));
  ask();
  const end = wire.start(head);
  wire.whenBack(ask);
  return end;
}

export default { overWidget, views: { item: itemView, module: moduleView } };
