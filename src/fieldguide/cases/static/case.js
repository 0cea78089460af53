// A case: the session tells how far the story went, and the page asks to go on. To be put after the page's part.

const FEWEST_WORDS = 3; // as in session.py
const LEVELS = ["sure", "fairly", "guess"];

/** @param {Page<CaseInfo>} page */
function caseView({ el, info, words, transport, load }) {
  const say = speaker(words);
  const name = unique(info.id);
  /** @param {string} key */
  const own = (key) => say(info.graded ? `${key}_graded` : key);
  let shown = ""; // the story and the decision on screen
  let sent = "";

  /** @type {(key: string, look: string, act: () => void) => HTMLButtonElement} */
  const button = (key, look, act) => press(say(key), look, act);
  /** @param {...Child} children */
  const foot = (...children) => make("div", { class: "fg-foot" }, ...children);
  /** @param {string} text */
  const title = (text) => make("h4", {}, text);
  // A title that the focus comes to; what it is described by is read out with it.
  /** @type {(text: string, told: string, attributes?: Record<string, any>) => HTMLElement} */
  const landing = (text, told, attributes) => make("h4", { tabindex: -1, "aria-describedby": told, ...attributes }, text);
  /** @type {(id: string, text: string | null, ...more: Child[]) => HTMLElement} */
  const told = (id, text, ...more) => make("div", { ...id && { id }, class: "fg-told" }, ...paragraphs(text ?? ""), ...more);
  /** @type {(key: string, text: string, ...more: Child[]) => HTMLElement} */
  const chosen = (key, text, ...more) =>
    make("div", { class: "fg-chosen" }, make("p", {}, make("b", {}, say(key)), ` ${text}`), ...more);
  const line = () => make("p", { role: "status", class: "fg-soft" });

  /**
   * @param {string} question
   * @param {Option[]} options
   * @param {string} id
   * @param {string} [look]
   */
  function choice(question, options, id, look) {
    /** @param {Option} option */
    const row = ({ id: value, text }) => {
      const input = make("input", { type: "radio", name: id, value });
      return make("div", { class: look ? "" : "fg-option" }, make("label", {}, input, make("span", {}, text)));
    };
    const legend = make("legend", { id: `${id}-asked` }, make("span", { class: "fg-question" }, question));
    const node = make("fieldset", { class: look ?? "" }, legend, ...options.map(row));
    return {
      node,
      asked: legend,
      get: () => /** @type {HTMLInputElement | null} */ (node.querySelector(":checked"))?.value,
      /** @param {string} value */
      set: (value) => (/** @type {HTMLInputElement} */ (node.querySelector(`[value="${CSS.escape(value)}"]`)).checked = true),
      focus: () => /** @type {HTMLInputElement} */ (node.querySelector("input")).focus(),
    };
  }

  const vignette = told(`${name}-vignette`, info.vignette);
  const howTo = soft([say("how"), info.preview && say("preview")].filter(Boolean).join(" "));
  howTo.id = `${name}-how`;

  // The story: what happened so far, and the question or the ending it has come to.
  const steps = make("div", { class: "fg-story" });
  const storyLine = line();
  /** @type {any} the scene's id and its choice; null at an ending */
  let open = null;

  /**
   * @param {Step} step
   * @param {number} at
   */
  function stepOf({ text, question, choice }, at) {
    const id = `${name}-told-${at}`;
    const heading = landing(say("step", { n: at + 1 }), id, { id: `${name}-step-${at}` });
    const back = button("go_back", "fg-quiet", () => goTo({ kind: "back", to: at }));
    back.setAttribute("aria-describedby", heading.id);
    return make("div", {}, heading, told(id, text, soft(question)), chosen("you_chose", choice, foot(back)));
  }

  // Whom the page does not lead to the heading comes to the choice first: what led up to it is read out there.
  /**
   * @param {Scene} scene
   * @param {number} at
   * @param {boolean} led
   */
  function sceneOf({ scene, text, question, options }, at, led) {
    const id = `${name}-told-${at}`;
    open = { scene, ...choice(question, options, `${name}-choice-${at}`) };
    const heading = landing(say("step", { n: at + 1 }), text ? id : `${name}-choice-${at}-asked`);
    const now = text && told(id, text);
    if (!led) introduce(open.node, [!at && vignette, !at && howTo, now, open.asked]);
    return make("div", {}, heading, now, open.node, foot(button("go_on", "fg-primary", goOn)));
  }

  /**
   * @param {Ending} ending
   * @param {number} ways
   */
  function endingOf({ title: heading, text, feedback, now }, ways) {
    const id = `${name}-end`;
    open = null;
    return make(
      "div",
      { class: "fg-end" },
      soft(say("ending")),
      landing(heading, id),
      told(id, text),
      title(say("feedback")),
      ...paragraphs(feedback),
      make("div", { class: "fg-verdict" }, title(say("now")), ...paragraphs(now)),
      foot(button("again", "", () => goTo({ kind: "again" }))),
      soft(say.count("ways", ways)),
    );
  }

  function goOn() {
    const option = open.get();
    if (option) return goTo({ kind: "choose", scene: open.scene, option });
    storyNews.hold(say("choose_first"), true);
    open.focus();
  }

  /**
   * @param {CaseState} state
   * @param {boolean} arriving
   */
  function showStory({ steps: past, here, ways }, arriving) {
    const news = JSON.stringify([past, here, ways]);
    if (news === shown) return;
    const held = steps.contains(document.activeElement);
    shown = news;
    const led = arriving || held;
    steps.replaceChildren(
      ...past.map(stepOf),
      /** @type {Scene} */ (here).scene
        ? sceneOf(/** @type {Scene} */ (here), past.length, led)
        : endingOf(/** @type {Ending} */ (here), ways),
    );
    if (!led) return;
    /** @type {HTMLElement} */ (steps.lastChild).scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement} */ (/** @type {HTMLElement} */ (steps.lastChild).querySelector("[tabindex]")).focus({ preventScroll: true });
  }

  // The decision, and once it is sent, what there is to compare it with.
  const { question, options } = info.decision;
  let head = landing(say("decide"), `${name}-decided`, { id: `${name}-decision` });
  const answer = make("div", { id: `${name}-decided` });
  const option = choice(question, options, `${name}-option`);
  const sure = choice(say("how_sure"), LEVELS.map((id) => ({ id, text: say(id) })), `${name}-sure`, "fg-sure");
  const label = make("label", { for: `${name}-reason`, class: "fg-question" });
  const box = make("textarea", { id: `${name}-reason`, rows: 4, maxlength: 5000 });
  const review = make("button", { type: "button" }, say("review"));
  const reason = info.graded
    ? make("p", {}, say("reason_graded"))
    : make("div", {}, label, box, make("div", {}, foot(review)));
  const share = make("input", { type: "checkbox" });
  const sharing = make("div", { class: "fg-sure" }, make("label", {}, share, make("span", {}, own("share"))));
  const once = soft(own("once_sent"));
  const send = button("send", "fg-primary", commit);
  const decisionLine = line();
  const compared = make("div", { class: "fg-compared" });
  const parts = [head, answer, option.node, sure.node, reason, sharing, once, send, decisionLine, compared];
  const decision = make("section", { class: "fg-decision", "aria-labelledby": head.id, hidden: "" }, ...parts);

  /**
   * @param {CaseState} state
   * @param {boolean} arriving
   */
  function showDecision({ decision: given, ways }, arriving) {
    decision.hidden = !ways && !given;
    label.textContent = say(given ? "reason_sent" : "reason");
    const news = JSON.stringify(given);
    if (news === sent) return;
    sent = news;
    answer.replaceChildren(...(given ? answerOf(given) : []));
    compared.replaceChildren(...(given ? comparisonOf(given) : []));
    if (arriving) arrive();
    // After the focus has left, and the button by itself: of one that goes with a box around it a screen reader is told
    // nothing, and Orca then says nothing more.
    for (const node of [option.node, sure.node, once, send]) node.hidden = Boolean(given);
  }

  function arrive() {
    // As a new heading: of one that was there, a screen reader would tell the new description twice.
    const before = head;
    head = /** @type {HTMLElement} */ (before.cloneNode(true));
    before.replaceWith(head);
    head.focus();
  }

  /** @param {Decision} decision */
  function answerOf({ text, certainty }) {
    const how = certainty ? [soft(say(`you_were_${certainty}`))] : [];
    return [make("p", {}, question), chosen("you_decided", text), ...how];
  }

  /** @param {Decision} decision */
  function comparisonOf({ commentary, ...lists }) {
    const view = commentary
      ? [title(say("commentary")), soft(say("commentary_what")), told("", commentary)]
      : info.graded ? [] : [soft(say("commentary_elsewhere"))];
    const filled = /** @type {const} */ (["positions", "prompts"]).filter((key) => lists[key].length);
    return [...view, ...filled.flatMap((key) => [title(say(key)), list("", lists[key])])];
  }

  function commit() {
    const enough = info.graded || box.value.split(/\s+/).filter(Boolean).length >= FEWEST_WORDS;
    const needed = [
      ["option", option.get(), option],
      ["certainty", sure.get(), sure],
      ["reason", enough, box],
    ].filter(([, given]) => !given);
    if (!needed.length) return sendOff.open || story.open || sendOff.touch();
    decisionNews.hold(say("missing", { parts: needed.map(([key]) => say(`missing_${key}`)).join("; ") }), true);
    /** @type {HTMLElement} */ (needed[0][2]).focus();
  }

  // What is asked goes on being asked until it is taken: to ask twice does no harm.
  const wire = openChannel(transport, { id: info.id, say, hear: onState, keep, restore });
  const storyNews = wire.line(storyLine, storyLine);
  const decisionNews = wire.line(decisionLine, decisionLine);
  /** @param {CaseState} state */
  const savedNews = (state) => sentences(savedText(say, state), state.note);
  /** @param {() => Message} make */
  const deciding = (make) => wire.lane({ make, line: decisionNews, news: savedNews });
  /** @returns {any} */
  const decided = () => ({ kind: "commit", option: option.get(), certainty: sure.get(), reason: box.value });
  /** @type {any} */
  let step = null; // the latest that was asked for in the story
  reviewOnRequest(review, box, load, wire, (told = say("no_kernel")) => decisionNews.complain(told));
  const story = wire.lane({ make: () => step, line: storyNews, news: ({ note }) => note ?? "", slow: "checking" });
  const sendOff = deciding(decided);
  const why = deciding(() => ({ kind: "reason", text: box.value }));
  const leave = deciding(() => ({ kind: "share", on: share.checked }));

  /** @param {StoryMessage} message */
  function goTo(message) {
    if (story.open || sendOff.open) return; // one step at a time
    step = message;
    story.touch();
  }

  /**
   * @param {CaseState} state
   * @param {unknown} own
   */
  function onState(state, own) {
    if (state.kind !== "state") return;
    const taken = /** @type {boolean} */ (own && !state.problem);
    showStory(state, taken && own === story);
    showDecision(state, taken && own === sendOff);
    // What stands here and was not taken yet is newer than what is on record.
    if (!leave.open) share.checked = state.share;
    if (!why.open && !sendOff.open) write(state.reason);
    if (own === "open") storyNews.show(state.note ?? "");
  }

  /** @param {string} text */
  function write(text) {
    if (box.value !== text) box.value = text; // the same text would move the cursor
  }

  // What no kernel took.
  function keep() {
    return {
      step: story.open ? step : null,
      decision: sendOff.open ? decided() : null,
      reason: why.open ? box.value : null,
      share: leave.open ? share.checked : null,
    };
  }

  /** @param {ReturnType<typeof keep>} left */
  function restore({ step: missed, decision: given, reason: text, share: on }) {
    if (on !== null) take(leave, () => (share.checked = on));
    if (text !== null) take(why, () => write(text));
    if (missed) goTo(missed);
    if (given) take(sendOff, () => (option.set(given.option), sure.set(given.certainty)));
  }

  /**
   * @param {Lane} lane
   * @param {() => void} put
   */
  function take(lane, put) {
    put();
    lane.touch();
  }

  // All of it
  const heading = make("h3", { id: name, tabindex: -1 }, say("heading", { title: info.title }));
  const side = make("span", {}, say(info.graded ? "goes_with_graded" : "not_graded"));
  const body = make(
    "div",
    { class: "fg-body" },
    info.note && make("div", { class: "fg-note" }, ...paragraphs(info.note)),
    vignette,
    howTo,
    steps,
    storyLine,
    decision,
  );
  const look = { id: `fg-${info.id}`, role: "region", "aria-labelledby": name };
  const card = frame(words, "article", "fg-card fg-case", look, make("header", {}, heading, side), body);

  card.addEventListener("input", () => [storyNews, decisionNews].forEach((news) => news.release()));
  box.addEventListener("input", () => why.touch("typing"));
  share.addEventListener("change", () => leave.touch());
  card.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || /** @type {Element} */ (event.target).tagName !== "INPUT") return;
    event.preventDefault();
    if (open?.node.contains(event.target)) goOn();
  });
  el.append(card);
  wire.open((told = say("no_kernel")) => storyNews.complain(told));
  return wire.start(card);
}

export default { overWidget, views: { case: caseView } };
