// An item's card: it shows the item, sends what the student does, and shows the state that comes back.

/** @param {Page<Item>} page */
function itemView({ el, info: item, words, transport, load }) {
  const say = speaker(words);
  const practice = item.use === "practice";
  const essay = item.type === "essay";
  const checked = practice && !essay; // a response is an attempt; others are saved as they stand
  const name = unique(item.id); // the same item may stand in another notebook of this page
  const control = CONTROLS[item.type](item, say, name);
  const [panel, showFeedback] = feedbackView(control, say, name);

  /** @type {Feedback | null} */
  let verdict = null; // the feedback on screen
  let canHint = false;
  /** @type {Partial<ItemState>} */
  let known = {}; // what was told of the answer last

  /** @type {(key: string, look: string, act: () => void) => HTMLButtonElement} */
  const button = (key, look, act) => press(say(key), look, act);

  const own = say("heading", { use: say(item.use), number: item.number ?? "" });
  const title = item.half ? say("heading_half", { heading: own, half: say(item.half) }) : own;
  const heading = make("h3", { id: `${name}-heading`, tabindex: -1 }, title);
  const worth = make("span", {}, item.points ? say.count("points", item.points) : say("not_graded"));
  const line = make("p");
  const aside = soft("");
  const hintBox = make("div", { class: "fg-verdict", "aria-live": "off" });
  const voice = make("p", { class: "fg-unseen", role: "log" });
  const { later } = untilOver();
  // Only what is new is read out.
  const live = { role: "status", "aria-live": "polite", "aria-atomic": "false" };
  const status = make("div", live, line, aside, panel, hintBox);
  const check = button("check_answer", "fg-primary", onCheck);
  const retry = button("try_again", "", onRetry);
  const hint = button("hint", "", onHint);
  const reveal = button("show_answer", "", () => (verdict?.verdict === "revealed" ? tell(panel) : ask("reveal")));
  const clear = button("clear", "fg-quiet", () => change(null));
  const keep = button("keep_order", "", () => /** @type {() => void} */ (control.keep)());
  const review = make("button", { type: "button" }, say("review"));
  const compare = practice && essay && make("button", { type: "button" }, say("compare"));
  const comparing = { first: say("compare_first"), silent: say("no_kernel"), skip: say("compare_skip") };
  if (essay) control.node.append(make("div", { class: "fg-foot" }, review, compare));
  if (compare) control.node.append(comparison(compare, () => /** @type {string} */ (control.get() ?? ""), askToCompare, compared, comparing));
  const sure = certaintyControl(say, name);
  /** @param {Submission | null | undefined} last */
  const remarkOn = (last) =>
    [
      ["preview", item.preview],
      ["never_counts", !item.preview && !checked && item.use !== "graded"],
      [last ? "may_change_again" : "may_change", !item.preview && !practice],
    ]
      .filter(([, holds]) => holds)
      .map(([key]) => say(/** @type {string} */ (key)))
      .join(" ");
  const remark = soft(remarkOn(null));
  const foot = checked
    ? [sure.node, make("div", { class: "fg-foot" }, check, retry, hint, reveal), status, remark]
    : [make("div", { class: "fg-foot" }, make("div", { class: "fg-state" }, status, remark), keep, clear)];
  const body = make("div", { class: "fg-body" }, control.node, ...foot);
  const card = frame(
    words,
    "article",
    `fg-card fg-${item.use}`,
    { id: `fg-${item.id}`, role: "region", "aria-labelledby": heading.id },
    make("header", {}, heading, worth, voice),
    body,
  );

  const wire = openChannel(transport, {
    id: item.id,
    say,
    hear: onState,
    keep: control.get,
    restore(response) {
      if (!wire.n || essay) change(wire.n ? joined(response) : response);
    },
  });
  const news = wire.line(status, line);
  const silent = (told = say("no_kernel")) => news.complain(told);
  const answers = wire.lane({
    make: () => ({ kind: "save", response: control.get() }),
    line: news,
    news: savedNews,
    ready: () => !sayFault(),
  });

  // An earlier text, and below it what was typed before that one was there.
  /** @param {ItemResponse} earlier */
  function joined(earlier) {
    return /** @type {any[]} */ ([earlier, control.get()]).filter(Boolean).join("\n\n");
  }

  /** @param {Partial<ItemState>} state */
  function savedNews(state) {
    return savedText(say, state, state.response === null ? "cleared" : "saved");
  }

  // What was handed in may be another answer by now.
  /** @param {Submission | null} last */
  function onHandedIn(last) {
    known = { ...known, handed_in: last };
    remark.textContent = remarkOn(last);
    if (!practice && !answers.open) news.withdraw(savedNews(known));
  }

  /** @param {Feedback | null} feedback */
  function show(feedback) {
    verdict = feedback;
    voice.textContent = "";
    showFeedback(feedback);
  }

  // What is new in a box is read out in one piece, by a voice of its own: of several, a screen reader tells in any order. As
  // the text stands in the box, too, it goes again.
  /** @param {HTMLElement} box */
  function tell(box) {
    const [title, ...more] = box.innerText.split("\n");
    voice.textContent = sentences(title, ...(box === panel ? keyInRows() : []), ...more);
    later("said", SILENCE, () => (voice.textContent = "")); // what is said next has its own time
  }

  // Who asked for the answer hears it: in sight it stands at its rows.
  const keyInRows = () =>
    verdict?.verdict === "revealed" ? verdict.notes.map(({ right, label, option }) => right && control.rows.has(option) && label) : [];

  /** @param {boolean} [canReveal] */
  function refresh(canReveal = !reveal.hidden) {
    const shown = [
      [retry, verdict !== null],
      [hint, item.has_hint && canHint],
      [reveal, canReveal],
      [clear, !checked && !control.typed && control.get() !== null],
      [keep, !checked && control.keep && control.get() === null],
    ];
    for (const [node, visible] of /** @type {[HTMLElement, boolean][]} */ (shown)) {
      if (!visible && node.matches(":focus")) control.focus(); // not lost with its button
      node.hidden = !visible;
    }
    check.classList.toggle("fg-primary", !verdict);
  }

  // What cannot be read is not sent: it would be refused.
  function sayFault() {
    if (!control.isFaulty?.()) return false;
    news.hold(say(checked ? "no_number" : "no_number_saved"), true, false);
    return true;
  }

  function onInput() {
    news.release();
    if (checked) {
      wire.forget("ask");
      wire.next();
      if (verdict) sure.set(null); // it was said of another answer
      show(null);
      news.show("");
    } else if (!item.preview) {
      // Half a number is no answer yet: it is saved when the student leaves the box.
      answers.touch(essay ? "typing" : control.typed && "leaving");
    }
    refresh();
  }

  /**
   * @param {"check" | "hint" | "reveal"} kind
   * @param {{ response: ItemResponse, certainty: Certainty | null }} [more]
   */
  function ask(kind, more) {
    if (wire.waits("ask")) return;
    news.release();
    news.show("");
    wire.ask("ask", /** @type {ItemMessage} */ ({ kind, ...more }), {
      hear: (state) => onAnswer(state, kind),
      slow: () => news.show(say("checking")),
      silent,
    });
  }

  /**
   * @param {{ text?: string, skip?: true }} more
   * @param {Asking} heard
   */
  function askToCompare(more, heard) {
    wire.ask("compare", { kind: "compare", ...more }, heard);
  }

  /** @param {{ text: string, look_for?: string[] }} answer */
  function compared({ text, look_for: points }) {
    const looking = [strong(say("look_for")), list("", /** @type {string[]} */ (points))];
    return [strong(say("compare_title")), ...paragraphs(text), ...looking];
  }

  function onCheck() {
    const response = control.get();
    if (response === null) news.hold(say(control.typed ? "write_first" : "choose_first"));
    else if (sayFault()) control.focus();
    else if (verdict) tell(panel); // no new attempt: the verdict is read out again
    else ask("check", { response, certainty: sure.get() });
  }

  function onRetry() {
    wire.next();
    show(null);
    sure.set(null);
    news.show(say("change_answer"));
    refresh();
  }

  function onHint() {
    if (!hintBox.firstChild) return ask("hint");
    toggleHint(/** @type {boolean} */ (hintBox.hidden));
    if (!hintBox.hidden) tell(hintBox);
  }

  /** @param {boolean} open */
  function toggleHint(open) {
    hintBox.hidden = !open;
    hint.ariaExpanded = /** @type {any} */ (open);
  }

  /** @param {ItemResponse} response */
  function change(response) {
    control.set(response);
    onInput();
    answers.flush();
  }

  /**
   * @param {ItemState} state
   * @param {"check" | "hint" | "reveal"} kind
   */
  function onAnswer(state, kind) {
    onState(state, kind);
    if (state.problem) news.complain(say("not_checked", { problem: unstopped(state.problem) }));
    else {
      news.show("");
      if (kind !== "hint") show(state.feedback);
      tell(kind === "hint" ? hintBox : panel);
    }
    refresh(state.can_reveal);
  }

  // What the record holds, or another view of this item has sent.
  /** @param {ItemState} state */
  function restore(state) {
    if (state.saved || state.feedback) news.hush();
    answers.settle();
    control.set(state.response);
    sure.set(state.feedback && state.certainty);
    show(state.feedback);
    if (state.problem) news.complain(state.problem);
    else news.show(savedNews(state));
  }

  // `own` is what this view asked for, where it did.
  /**
   * @param {ItemState | ItemNews} state
   * @param {unknown} [own]
   */
  function onState(state, own) {
    if (state.kind === "certainty") sure.node.hidden = !checked || !state.on;
    if (state.kind === "handed_in") onHandedIn(state.handed_in);
    if (state.kind !== "state") return;
    known = state;
    remark.textContent = remarkOn(state.handed_in);
    sure.node.hidden = !state.ask_certainty;
    aside.textContent = state.note ?? "";
    if (state.hint && !hintBox.firstChild) {
      hintBox.append(strong(say("hint")), ...paragraphs(state.hint));
      toggleHint(true);
    }
    canHint = Boolean(state.can_hint || hintBox.firstChild);
    if (state.n === null ? !wire.n : !own && state.n > wire.n) restore(state);
    else if (own === "open" && essay && state.response) change(joined(state.response));
    refresh(state.can_reveal);
  }

  if (control.box) reviewOnRequest(review, control.box, load, wire, silent);
  control.node.addEventListener(control.typed ? "input" : "change", onInput);
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || /** @type {Element} */ (event.target).tagName !== "INPUT") return;
    event.preventDefault();
    if (checked) onCheck();
    else answers.flush();
  });
  toggleHint(false);
  refresh(false);
  el.append(card);
  wire.open();
  return wire.start(card);
}
