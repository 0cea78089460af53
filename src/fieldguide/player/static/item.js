// An item's card: it shows the item, sends what the student does, and shows the state that comes back.

const SLOW = 400; // ms before "Saving…": a quick save must not flicker
const SILENCE = 5000; // ms without an answer before we say so, and between tries to save
const PAUSE = 800; // ms after the last key before an essay is saved

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
  let reviewing = false;

  const { timers, cancel, later, listen, end } = untilOver();
  const button = (key, look, act) => {
    const node = make("button", { type: "button", class: look }, say(key));
    listen(node, "click", act);
    return node;
  };

  const title = say("heading", { use: say(item.use), number: item.number ?? "" });
  const heading = make("h3", { id: `${name}-heading`, tabindex: -1 }, title);
  const worth = make("span", {}, item.points ? say.count("points", item.points) : say("not_graded"));
  const line = make("p");
  const aside = soft("");
  const hintBox = make("div", { class: "fg-verdict" });
  const live = { role: "status", "aria-live": "polite", "aria-atomic": "false" }; // only what is new is read out
  const status = make("div", live, line, aside, panel, hintBox);
  const check = button("check_answer", "fg-primary", onCheck);
  const retry = button("try_again", "", onRetry);
  const hint = button("hint", "", () => (hintBox.firstChild ? toggleHint(hintBox.hidden) : ask("hint")));
  const reveal = button("show_answer", "", () => (verdict?.verdict === "revealed" ? show(verdict) : ask("reveal")));
  const clear = button("clear", "fg-quiet", () => change(null));
  const keep = button("keep_order", "", () => control.keep());
  const review = button("review", "", askForReview);
  if (essay) control.node.append(make("div", { class: "fg-foot" }, review));
  const sure = certaintyControl(say, name);
  const remarks = {
    preview: item.preview,
    never_counts: item.use === "check",
    may_change: !practice && !item.preview,
  };
  const remark = soft(Object.keys(remarks).filter((key) => remarks[key]).map((key) => say(key)).join(" "));
  const foot = practice
    ? [sure.node, make("div", { class: "fg-foot" }, check, retry, hint, reveal), status, remark]
    : [make("div", { class: "fg-foot" }, make("div", { class: "fg-state" }, status, remark), keep, clear)];
  const body = make("div", { class: "fg-body" }, control.node, ...foot);
  const card = frame(
    words,
    "article",
    `fg-card fg-${item.use}`,
    { id: `fg-${item.id}`, "aria-labelledby": heading.id },
    make("header", {}, heading, worth),
    body,
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
      [clear, !practice && !control.typed && control.get() !== null],
      [keep, !practice && control.keep && control.get() === null],
    ];
    for (const [node, visible] of shown) {
      if (!visible && node.matches(":focus")) control.focus(); // not lost with its button
      node.hidden = !visible;
    }
    check.classList.toggle("fg-primary", !verdict);
  }

  function save() {
    cancel("typing");
    sentN = inputN;
    send(model, { kind: "save", n: sentN, response: control.get() });
    if (!failing) later("slow", SLOW, () => write(say("saving")));
    later("silence", SILENCE, () => {
      failing = true;
      complain("not_saved_yet");
      save();
    });
  }

  // What cannot be read is not sent: it would be refused.
  function sayFault() {
    if (!control.isFaulty?.()) return false;
    write(say(practice ? "no_number" : "no_number_saved"), true);
    return true;
  }

  function saveNow() {
    if (!sayFault() && unsaved && sentN < inputN) save();
  }

  function showSaved({ saved, response }) {
    write(saved ? say(response === null ? "cleared" : "saved", { time: say.time(saved) }) : "");
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
      if (verdict) sure.set(null); // it was said of another answer
      show(null);
      write("");
    } else if (!item.preview) {
      unsaved = true;
      kept ??= keptAnswers(card);
      if (essay) later("typing", PAUSE, save);
      else if (control.typed) write(""); // half a number is no answer yet: saved when the student leaves the box
      else save();
    }
    refresh();
  }

  function ask(kind, more) {
    if (waiting) return;
    waiting = true;
    askedN = next();
    askedFor = kind;
    send(model, { kind, n: askedN, ...more });
    write("");
    later("slow", SLOW, () => write(say("checking")));
    later("silence", SILENCE, () => {
      waiting = false; // so that it can be asked again
      complain("no_kernel");
    });
  }

  // What reviews an essay's text comes with the first press, and then listens to the button itself.
  function askForReview() {
    if (reviewing) return;
    send(model, { kind: "part", name: "review" });
    later("part", SILENCE, () => complain("no_kernel"));
  }

  async function onPart({ script, ...part }) {
    if (reviewing || !timers.part) return; // another view of this item has asked
    reviewing = true;
    cancel("part");
    (await load(script)).default({ button: review, box: control.box, model, ...part });
  }

  function onCheck() {
    const response = control.get();
    if (response === null) {
      write(""); // to be read out each time
      later("slow", 50, () => write(say(control.typed ? "write_first" : "choose_first")));
    } else if (sayFault()) control.focus();
    else if (verdict) show(verdict); // no new attempt: the verdict is read out again
    else ask("check", { response, certainty: sure.get() });
  }

  function onRetry() {
    inputN = next();
    show(null);
    sure.set(null);
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
    saveNow();
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
    sure.set(state.feedback && state.certainty);
    show(state.feedback);
    if (state.problem) write(state.problem, true);
    else showSaved(state);
    kept = keptAnswers(card);
    if (!kept.has(item.id)) return;
    change(kept.get(item.id));
    kept.delete(item.id);
  }

  function onState(state) {
    if (state.kind === "part") onPart(state);
    if (state.kind === "certainty") sure.node.hidden = !practice || !state.on;
    if (state.kind !== "state") return;
    const opening = state.n === null;
    sure.node.hidden = !state.ask_certainty;
    aside.textContent = state.note ?? "";
    if (state.hint && !hintBox.firstChild) {
      hintBox.append(strong(say("hint")), ...paragraphs(state.hint));
      toggleHint(true);
    }
    canHint = Boolean(state.can_hint || hintBox.firstChild);
    if (opening ? !inputN : state.n > n) restore(state);
    else if (opening && !opened && essay && state.response) {
      // Typed before the record was read: the earlier text is kept, above.
      change([state.response, control.get()].filter(Boolean).join("\n\n"));
    } else if (practice && state.n === askedN && askedN > inputN) onAnswer(state);
    else if (!practice && !opening && unsaved && state.n >= sentN) onSaveAnswer(state);
    opened ||= opening;
    refresh(state.can_reveal);
  }

  listen(control.node, control.typed ? "input" : "change", onInput);
  listen(control.node, "focusout", saveNow);
  listen(body, "keydown", (event) => {
    if (event.key !== "Enter") return;
    event.stopPropagation(); // JupyterLab would keep the line break out of an essay
    if (event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (practice) onCheck();
    else saveNow();
  });
  listen(document, "visibilitychange", () => document.hidden && saveNow());
  listen(window, "pagehide", saveNow);
  listen(window, "beforeunload", (event) => failing && event.preventDefault());
  toggleHint(false);
  refresh(false);
  model.on("msg:custom", onState);
  el.append(card);
  send(model, { kind: "open", n: null });
  return () => {
    saveNow();
    if (unsaved) kept.set(item.id, control.get());
    end();
    model.off("msg:custom", onState);
  };
}
