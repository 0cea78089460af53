// What a student sees: an item's card, and the head of a module. Every text comes from the words file or the module.
// What a student answers leaves by custom messages only.

const SLOW = 400; // ms before "Saving…": a quick save must not flicker
const SILENCE = 5000; // ms without an answer before we say so, and between tries to save
const PAUSE = 800; // ms after the last key before an essay is saved
const FOCUSABLE = /^(a|button|input|select|textarea)$/;

// Fills in {placeholders}; count also finds the plural form, "key.one" or "key.other".
function speaker(words) {
  const rules = new Intl.PluralRules(words.lang);
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  say.count = (key, n, values) => {
    const form = `${key}.${rules.select(n)}`;
    return say(words[form] ? form : `${key}.other`, { n, ...values });
  };
  return say;
}

// Strings become text nodes: nothing is ever read as HTML.
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  // JupyterLab looks for this on the focused element; without it, "b" would insert a cell.
  if (FOCUSABLE.test(tag) || "tabindex" in attributes) node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(...children.filter(Boolean));
  return node;
}

const frame = (words, tag, look, attributes, ...children) =>
  make(tag, { class: `fg-root ${look}`, lang: words.lang, dir: words.dir, ...attributes }, ...children);
const list = (look, entries) =>
  make("ul", { class: look }, ...entries.map((entry) => make("li", {}, ...[entry].flat())));
const strong = (text) => make("p", { class: "fg-strong" }, text);
const paragraphs = (text) => text.split(/\n\s*\n/).filter(Boolean).map((part) => make("p", {}, part));
const notebookOf = (node) => node.closest(".jp-NotebookPanel") ?? document.body;
const unique = (id) => `fg-${id}-${Math.random().toString(36).slice(2, 8)}`;

// A vignette before the question is set lighter than the question.
const stem = (item, how) => [
  ...item.stem.map((part, at) => make("span", { class: item.stem[at + 1] ? "fg-vignette" : "fg-question" }, part)),
  how && make("span", { class: "fg-how" }, how),
];

const fieldset = (item, rows, how) =>
  make("fieldset", {}, make("legend", {}, ...stem(item, how)), ...[...rows.values()].map(({ row }) => row));

// Controls, one for each interaction type: get() and set() speak in responses, `rows` tells where a note goes.
// Inputs are built once and then only changed: the focus stays.

function choiceControl(item, say, name) {
  const several = item.choose === "several";
  const rows = new Map();
  for (const { id, text } of item.options) {
    const input = make("input", { type: several ? "checkbox" : "radio", name, value: id });
    const row = make("div", { class: "fg-option" }, make("label", {}, input, make("span", {}, text)));
    rows.set(id, { row, input, text });
  }
  const node = fieldset(item, rows, several && say("choose_several"));
  return {
    node,
    rows,
    get() {
      const chosen = [...node.querySelectorAll(":checked")].map((input) => input.value);
      return chosen.length ? chosen : null;
    },
    set(response) {
      for (const [id, { input }] of rows) input.checked = Boolean(response?.includes(id));
    },
    focus: () => (node.querySelector(":checked") ?? node.querySelector("input")).focus(),
  };
}

function matchControl(item, say, name) {
  const rows = new Map();
  const look = item.options.some(({ text }) => text.length > 34) ? "fg-wide" : "fg-pair"; // menus cut long texts
  for (const { id, text } of item.prompts) {
    const menu = item.options.map((option) => make("option", { value: option.id }, option.text));
    const input = make("select", { id: `${name}-${id}` }, make("option", { value: "" }, say("choose_menu")), ...menu);
    const row = make("div", { class: look }, make("label", { for: input.id }, text), input);
    rows.set(id, { row, input, text });
  }
  const node = fieldset(item, rows, say("choose_each"));
  return {
    node,
    rows,
    get() {
      const chosen = [...rows].map(([id, { input }]) => [id, input.value]).filter(([, value]) => value);
      return chosen.length ? Object.fromEntries(chosen) : null;
    },
    set(response) {
      for (const [id, { input }] of rows) input.value = response?.[id] ?? "";
    },
    focus: () => node.querySelector("select").focus(),
  };
}

function essayControl(item, say, name) {
  const count = make("p", { class: "fg-soft", id: `${name}-count` }); // read with the box, never while typing
  const area = make("textarea", { id: name, rows: 8, "aria-describedby": count.id });
  const recount = () => {
    const n = area.value.split(/\s+/).filter(Boolean).length;
    count.textContent = item.words ? say.count("word_goal", n, { goal: item.words }) : say.count("word_count", n);
  };
  recount();
  area.addEventListener("input", recount);
  const criteria = item.rubric.map(({ criterion, points }) => [
    make("span", {}, `${criterion} `),
    make("span", { class: "fg-points" }, say.count("points", points)),
  ]);
  const rubric = criteria.length && make("div", { class: "fg-rubric" }, strong(say("rubric")), list("", criteria));
  return {
    node: make("div", {}, make("label", { for: name }, ...stem(item)), rubric, area, count),
    rows: new Map(),
    get: () => (area.value.trim() ? area.value : null),
    set(response) {
      if (area.value !== (response ?? "")) area.value = response ?? ""; // the same text would move the cursor
      recount();
    },
    focus: () => area.focus(),
  };
}

const CONTROLS = { choice: choiceControl, match: matchControl, essay: essayControl };

// Feedback: a panel in the status region, and notes in their rows.
function feedbackView(item, control, say, name) {
  const panel = make("div", { hidden: "" });
  const match = item.type === "match";

  function noteOn(note, own) {
    // The label goes without the row's own text, which is read there already.
    let label = note.label ?? "";
    if (label.startsWith(own)) label = label.slice(own.length).replace(/^[\s—–:-]+/, "");
    const tone = note.right === null ? "" : note.right ? "right" : "wrong";
    const word = tone && say(`${match ? "prompt" : "option"}_${tone}`);
    const title = note.right && label ? say("answer_is", { answer: label }) : [word, label].filter(Boolean).join(": ");
    return make("div", { class: `fg-note fg-${tone}` }, title && strong(title), ...paragraphs(note.text));
  }

  function show(feedback) {
    panel.hidden = !feedback;
    panel.replaceChildren();
    for (const { row, input } of control.rows.values()) {
      row.querySelector(".fg-note")?.remove();
      input.removeAttribute("aria-describedby");
    }
    if (!feedback) return;
    const { verdict, title, score_text: score, notes } = feedback;
    panel.className = `fg-verdict ${{ right: "fg-right", revealed: "" }[verdict] ?? "fg-wrong"}`;
    panel.append(make("p", { class: "fg-strong fg-title" }, title), ...paragraphs(score ?? ""));
    const placed = notes.filter((note) => control.rows.has(note.option));
    // A single reason is about the one answer chosen: it is read with the verdict.
    const lone = !match && notes.length === 1 && placed.length === 1;
    for (const note of notes) {
      const place = !lone && control.rows.get(note.option);
      if (lone) panel.append(...paragraphs(note.text));
      else if (!place) panel.append(noteOn(note, ""));
      else {
        const node = noteOn(note, place.text);
        node.id = `${name}-note-${note.option}`;
        place.row.append(node);
        place.input.setAttribute("aria-describedby", node.id);
      }
    }
    if (placed.length && !lone) panel.append(make("p", { class: "fg-soft" }, say("notes_above")));
  }

  return [panel, show];
}

// Answers that no kernel took outlive their view, in the page's memory, for the view that comes when cells run again.
function keptAnswers(node) {
  const notebooks = (globalThis[Symbol.for("fieldguide.kept")] ??= new WeakMap());
  const notebook = notebookOf(node);
  if (!notebooks.has(notebook)) notebooks.set(notebook, new Map());
  return notebooks.get(notebook);
}

function itemView(model, el, words) {
  const item = model.get("item");
  const say = speaker(words);
  const practice = item.use === "practice";
  const essay = item.type === "essay";
  const name = unique(item.id); // the same item may stand in another notebook of this page
  const control = CONTROLS[item.type](item, say, name);
  const [panel, showFeedback] = feedbackView(item, control, say, name);

  // Rises with every input and request, and with the clock, so from view to view too.
  let n = 0;
  const next = () => (n = Math.max(n + 1, Date.now()));
  let inputN = 0; // the n of the student's last input,
  let sentN = 0; // of the last input sent to be saved,
  let askedN = 0; // and of the last check, hint or answer asked for
  let askedFor = "";
  let opened = false;
  let unsaved = false;
  let failing = false;
  let waiting = false;
  let verdict = null; // the feedback on screen
  let canHint = false;
  let kept = null;

  const timers = {};
  const cancel = (...names) => names.forEach((timer) => clearTimeout(timers[timer]));
  const later = (timer, ms, act) => {
    cancel(timer);
    timers[timer] = setTimeout(act, ms);
  };
  const over = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { signal: over.signal });
  const button = (key, look, act) => {
    const node = make("button", { type: "button", class: look }, say(key));
    listen(node, "click", act);
    return node;
  };

  const title = say("heading", { use: say(item.use), number: item.number ?? "" });
  const heading = make("h3", { id: `${name}-heading`, tabindex: -1 }, title);
  const worth = make("span", {}, item.points ? say.count("points", item.points) : say("not_graded"));
  const line = make("p");
  const hintBox = make("div", { class: "fg-verdict" });
  const live = { role: "status", "aria-live": "polite", "aria-atomic": "false" }; // only what is new is read out
  const status = make("div", live, line, panel, hintBox);
  const check = button("check_answer", "fg-primary", onCheck);
  const retry = button("try_again", "", onRetry);
  const hint = button("hint", "", () => (hintBox.firstChild ? toggleHint(hintBox.hidden) : ask("hint")));
  const reveal = button("show_answer", "", () => (verdict?.verdict === "revealed" ? show(verdict) : ask("reveal")));
  const clear = button("clear", "fg-quiet", () => change(null));
  const remarks = [
    item.preview && say("preview"),
    item.use === "check" && say("never_counts"),
    !practice && !item.preview && say("may_change"),
  ].filter(Boolean);
  const remark = remarks[0] && make("p", { class: "fg-soft" }, remarks.join(" "));
  const foot = practice
    ? [make("div", { class: "fg-foot" }, check, retry, hint, reveal), status, remark]
    : [make("div", { class: "fg-foot" }, make("div", { class: "fg-state" }, status, remark), clear)];
  const card = frame(
    words,
    "article",
    `fg-card fg-${item.use}`,
    { id: `fg-${item.id}`, "aria-labelledby": heading.id },
    make("header", {}, heading, worth),
    make("div", { class: "fg-body" }, control.node, ...foot),
  );

  function write(text, problem = false) {
    line.classList.toggle("fg-problem", problem);
    if (line.textContent !== text) line.textContent = text;
  }

  function complain(key, problem = "") {
    write(say(key, { problem: problem.replace(/[.\s]+$/, "") }), true); // it stands inside a sentence
  }

  function show(feedback) {
    verdict = feedback;
    showFeedback(feedback);
  }

  function refresh(canReveal = !reveal.hidden) {
    const shown = [
      [retry, verdict !== null],
      [hint, item.has_hint && canHint],
      [reveal, canReveal],
      [clear, !practice && !essay && control.get() !== null],
    ];
    for (const [node, visible] of shown) {
      if (!visible && node.matches(":focus")) control.focus(); // not lost with its button
      node.hidden = !visible;
    }
    check.classList.toggle("fg-primary", !verdict);
  }

  function post(kind, number, more) {
    try {
      model.send({ kind, n: number, ...more });
    } catch {
      // No kernel is there: the student is told when no answer comes.
    }
  }

  function save() {
    cancel("typing");
    sentN = inputN;
    post("save", sentN, { response: control.get() });
    if (!failing) later("slow", SLOW, () => write(say("saving")));
    later("silence", SILENCE, () => {
      failing = true;
      complain("not_saved_yet");
      save();
    });
  }

  function saveNow() {
    if (unsaved && sentN < inputN) save();
  }

  function showSaved({ saved, response }) {
    write(saved ? say(response === null ? "cleared" : "saved", { time: saved }) : "");
  }

  function onSaveAnswer(state) {
    cancel("slow", "silence");
    failing = Boolean(state.problem);
    unsaved = failing || state.n < inputN;
    if (!failing) return showSaved(state);
    complain("not_saved", state.problem);
    later("silence", SILENCE, save);
  }

  function onInput() {
    inputN = next();
    waiting = false;
    if (practice) {
      cancel("slow", "silence");
      show(null);
      write("");
    } else if (!item.preview) {
      unsaved = true;
      kept ??= keptAnswers(card);
      if (essay) later("typing", PAUSE, save);
      else save();
    }
    refresh();
  }

  function ask(kind, more) {
    if (waiting) return;
    waiting = true;
    askedN = next();
    askedFor = kind;
    post(kind, askedN, more);
    write("");
    later("slow", SLOW, () => write(say("checking")));
    later("silence", SILENCE, () => {
      waiting = false; // so that it can be asked again
      complain("no_kernel");
    });
  }

  function onCheck() {
    const response = control.get();
    if (response === null) {
      write(""); // to be read out each time
      later("slow", 50, () => write(say(essay ? "write_first" : "choose_first")));
    } else if (verdict) show(verdict); // no new attempt: the verdict is read out again
    else ask("check", { response });
  }

  function onRetry() {
    inputN = next();
    show(null);
    write(say("change_answer"));
    refresh();
  }

  function toggleHint(open) {
    hintBox.hidden = !open;
    hint.setAttribute("aria-expanded", open);
  }

  function change(response) {
    control.set(response);
    onInput();
  }

  function onAnswer(state) {
    waiting = false;
    cancel("slow", "silence");
    write("");
    if (state.problem) complain("not_checked", state.problem);
    else if (askedFor !== "hint") show(state.feedback);
  }

  // What the record holds, or another view of this item has sent.
  function restore(state) {
    // Not to be read out: a notebook opens forty items at once.
    if (state.saved || state.feedback) status.setAttribute("aria-live", "off");
    later("live", 500, () => status.setAttribute("aria-live", "polite"));
    unsaved = failing = false;
    cancel("typing", "slow", "silence");
    control.set(state.response);
    show(state.feedback);
    if (state.problem) write(state.problem, true);
    else showSaved(state);
    kept = keptAnswers(card);
    if (!kept.has(item.id)) return;
    change(kept.get(item.id));
    kept.delete(item.id);
  }

  function onState(state) {
    if (state.kind !== "state") return;
    const opening = state.n === null;
    canHint ||= state.attempts > 0 && state.feedback?.verdict !== "right";
    if (state.hint && !hintBox.firstChild) {
      canHint = true;
      hintBox.append(strong(say("hint")), ...paragraphs(state.hint));
      toggleHint(true);
    }
    if (opening ? !inputN : state.n > n) restore(state);
    else if (opening && !opened && essay && state.response) {
      // Typed before the record was read: the earlier text is kept, above.
      change([state.response, control.get()].filter(Boolean).join("\n\n"));
    } else if (practice && state.n === askedN && askedN > inputN) onAnswer(state);
    else if (!practice && !opening && unsaved && state.n >= sentN) onSaveAnswer(state);
    opened ||= opening;
    refresh(state.can_reveal);
  }

  listen(control.node, essay ? "input" : "change", onInput);
  listen(control.node, "focusout", saveNow);
  listen(control.node, "keydown", (event) => {
    if (event.key !== "Enter") return;
    event.stopPropagation(); // JupyterLab would keep the line break out of an essay
    if (!practice || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    onCheck();
  });
  listen(document, "visibilitychange", () => document.hidden && saveNow());
  listen(window, "pagehide", saveNow);
  listen(window, "beforeunload", (event) => failing && event.preventDefault());
  toggleHint(false);
  refresh(false);
  model.on("msg:custom", onState);
  el.append(card);
  post("open", null);
  return () => {
    saveNow();
    if (unsaved) kept.set(item.id, control.get());
    over.abort();
    cancel(...Object.keys(timers));
    model.off("msg:custom", onState);
  };
}

function moduleView(model, el, words) {
  const module = model.get("module");
  const say = speaker(words);
  const name = unique("module");
  const part = module.part ?? (module.number && say("module", { number: module.number }));
  const facts = ["practice", "graded", "check"]
    .filter((use) => module.counts[use])
    .map((use) => say.count(`count_${use}`, module.counts[use]));
  if (module.minutes) facts.unshift(say.count("minutes", module.minutes));
  if (module.preview) facts.push(say("preview"));
  const bar = make("progress", { id: `${name}-bar` });
  const label = make("label", { for: bar.id });
  const line = make("p", { class: "fg-soft" });
  const open = make("ul");
  const progress = make("div", { class: "fg-progress", hidden: "" }, label, bar, line, open);
  const heading = make("h1", { id: name, tabindex: -1 }, module.title);
  const objectives = [make("h2", {}, say("objectives")), list("fg-objectives", module.objectives)];
  const head = frame(
    words,
    "section",
    "fg-module",
    { "aria-labelledby": name },
    part && make("p", { class: "fg-soft" }, part),
    heading,
    list("fg-facts fg-soft", facts),
    ...(module.objectives.length ? objectives : []),
    progress,
  );
  let shown = "";

  function linkTo({ id, number }) {
    const title = say("heading", { use: say("graded"), number });
    const link = make("a", { href: `#fg-${id}` }, title);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const target = notebookOf(head).querySelector(`#${CSS.escape(`fg-${id}`)} h3`); // another may hold it too
      if (!target) line.textContent = say("not_loaded", { name: title });
      target?.scrollIntoView();
      target?.focus({ preventScroll: true });
    });
    return make("li", {}, link);
  }

  function onProgress({ kind, graded }) {
    if (kind !== "progress") return;
    progress.hidden = !graded.total;
    bar.max = graded.total || 1;
    bar.value = graded.answered;
    label.textContent = say.count("answered", graded.total, { answered: graded.answered });
    line.textContent = say(graded.unanswered.length ? "unanswered" : "all_answered");
    const news = JSON.stringify(graded.unanswered);
    if (news === shown) return; // the links stay as they are, and so does the focus
    shown = news;
    if (open.matches(":focus-within")) heading.focus();
    open.replaceChildren(...graded.unanswered.map(linkTo));
  }

  model.on("msg:custom", onProgress);
  el.append(head);
  model.send({ kind: "open" });
  return () => model.off("msg:custom", onProgress);
}

export default {
  render({ model, el, words = model.get("words") }) {
    return (model.get("kind") === "module" ? moduleView : itemView)(model, el, words);
  },
};
