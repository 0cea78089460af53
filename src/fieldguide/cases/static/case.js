// A case: the kernel tells how far the story went, and the page asks to go on. To be put after page.js and review.js.

const SLOW = 400; // ms before we say that it takes a moment
const SILENCE = 5000; // ms without an answer before we say so, and between tries
const PAUSE = 800; // ms after the last key before the reason is saved
const FEWEST_WORDS = 3; // as in playing.py
const LEVELS = ["sure", "fairly", "guess"];
const OF_DECISION = ["commit", "reason", "share"];

function caseView(model, el, words, reviewWords) {
  const info = model.get("case");
  const say = speaker(words);
  const name = unique(info.id);
  const own = (key) => say(info.graded ? `${key}_graded` : key);
  let shown = ""; // the story and the decision on screen
  let sent = "";

  const { cancel, later, listen, end } = untilOver();
  const button = (key, look, act) => {
    const node = make("button", { type: "button", class: look }, say(key));
    node.addEventListener("click", act);
    return node;
  };
  const foot = (...children) => make("div", { class: "fg-foot" }, ...children);
  const title = (text) => make("h4", {}, text);
  // A title that the focus comes to; what it is described by is read out with it.
  const landing = (text, told, attributes) => make("h4", { tabindex: -1, "aria-describedby": told, ...attributes }, text);
  const told = (id, text, ...more) => make("div", { ...id && { id }, class: "fg-told" }, ...paragraphs(text ?? ""), ...more);
  const chosen = (key, text, ...more) =>
    make("div", { class: "fg-chosen" }, make("p", {}, make("b", {}, say(key)), ` ${text}`), ...more);
  const line = () => make("p", { role: "status", class: "fg-soft" });

  function choice(question, options, id, look) {
    const row = ({ id: value, text }) => {
      const input = make("input", { type: "radio", name: id, value });
      return make("div", { class: look ? "" : "fg-option" }, make("label", {}, input, make("span", {}, text)));
    };
    const legend = make("legend", { id: `${id}-asked` }, make("span", { class: "fg-question" }, question));
    const node = make("fieldset", { class: look ?? "" }, legend, ...options.map(row));
    return { node, get: () => node.querySelector(":checked")?.value, focus: () => node.querySelector("input").focus() };
  }

  // The story: what happened so far, and the question or the ending it has come to.
  const steps = make("div", { role: "list", class: "fg-story" });
  const entry = { role: "listitem" };
  const storyLine = line();
  let open = null;

  function stepOf({ text, question, choice }, at) {
    const id = `${name}-told-${at}`;
    const heading = landing(say("step", { n: at + 1 }), id, { id: `${name}-step-${at}` });
    const back = button("go_back", "fg-quiet", () => ask({ kind: "back", to: at }));
    back.setAttribute("aria-describedby", heading.id);
    return make("div", entry, heading, told(id, text, soft(question)), chosen("you_chose", choice, foot(back)));
  }

  function sceneOf({ scene, text, question, options }, at) {
    const id = `${name}-told-${at}`;
    open = { scene, ...choice(question, options, `${name}-choice-${at}`) };
    const heading = landing(say("step", { n: at + 1 }), text ? id : `${name}-choice-${at}-asked`);
    return make("div", entry, heading, text && told(id, text), open.node, foot(button("go_on", "fg-primary", goOn)));
  }

  function endingOf({ title: heading, text, feedback, now }, ways) {
    const id = `${name}-end`;
    open = null;
    return make(
      "div",
      { ...entry, class: "fg-end" },
      soft(say("ending")),
      landing(heading, id),
      told(id, text),
      title(say("feedback")),
      ...paragraphs(feedback),
      make("div", { class: "fg-verdict" }, title(say("now")), ...paragraphs(now)),
      foot(button("again", "", () => ask({ kind: "again" }))),
      soft(say.count("ways", ways)),
    );
  }

  function goOn() {
    const option = open.get();
    if (option) return ask({ kind: "choose", scene: open.scene, option });
    tellMissing(storyLine, say("choose_first"));
    open.focus();
  }

  function showStory({ steps: past, here, ways }, arriving) {
    const news = JSON.stringify([past, here, ways]);
    if (news === shown) return;
    const held = steps.contains(document.activeElement);
    shown = news;
    steps.replaceChildren(...past.map(stepOf), here.scene ? sceneOf(here, past.length) : endingOf(here, ways));
    if (!arriving && !held) return;
    steps.lastChild.scrollIntoView({ block: "nearest" });
    steps.lastChild.querySelector("[tabindex]").focus({ preventScroll: true });
  }

  // The decision, and once it is sent, what there is to compare it with.
  const { question, options } = info.decision;
  const head = landing(say("decide"), `${name}-decided`, { id: `${name}-decision` });
  const answer = make("div", { id: `${name}-decided` });
  const option = choice(question, options, `${name}-option`);
  const sure = choice(say("how_sure"), LEVELS.map((id) => ({ id, text: say(id) })), `${name}-sure`, "fg-sure");
  const label = make("label", { for: `${name}-reason`, class: "fg-question" });
  const box = make("textarea", { id: `${name}-reason`, rows: 4, maxlength: 5000 });
  const reason = info.graded
    ? make("p", {}, say("reason_graded"))
    : make("div", {}, label, box, reviewFor(box, reviewWords, reviewAsker(model)));
  const share = make("input", { type: "checkbox" });
  const sharing = make("div", { class: "fg-sure" }, make("label", {}, share, make("span", {}, own("share"))));
  const sending = make("div", {}, soft(own("once_sent")), foot(button("send", "fg-primary", commit)));
  const decisionLine = line();
  const compared = make("div", { class: "fg-compared" });
  const parts = [head, answer, option.node, sure.node, reason, sharing, sending, decisionLine, compared];
  const decision = make("section", { class: "fg-decision", "aria-labelledby": head.id, hidden: "" }, ...parts);

  function showDecision({ decision: given, ways }, arriving) {
    decision.hidden = !ways && !given;
    label.textContent = say(given ? "reason_sent" : "reason");
    const news = JSON.stringify(given);
    if (news === sent) return;
    sent = news;
    for (const { node } of [option, sure, { node: sending }]) node.hidden = Boolean(given);
    answer.replaceChildren(...(given ? answerOf(given) : []));
    compared.replaceChildren(...(given ? comparisonOf(given) : []));
    if (arriving) head.focus();
  }

  function answerOf({ text, certainty }) {
    const how = certainty ? [soft(say(`you_were_${certainty}`))] : [];
    return [make("p", {}, question), chosen("you_decided", text), ...how];
  }

  function comparisonOf({ commentary, ...lists }) {
    const view = commentary ? [title(say("commentary")), soft(say("commentary_what")), told("", commentary)] : [];
    const filled = ["positions", "prompts"].filter((key) => lists[key].length);
    return [...view, ...filled.flatMap((key) => [title(say(key)), list("", lists[key])])];
  }

  function commit() {
    const enough = info.graded || box.value.split(/\s+/).filter(Boolean).length >= FEWEST_WORDS;
    const needed = [
      ["option", option.get(), option],
      ["certainty", sure.get(), sure],
      ["reason", enough, box],
    ].filter(([, given]) => !given);
    if (!needed.length) {
      cancel("typing");
      return ask({ kind: "commit", option: option.get(), certainty: sure.get(), reason: box.value });
    }
    tellMissing(decisionLine, say("missing", { parts: needed.map(([key]) => say(`missing_${key}`)).join("; ") }));
    needed[0][2].focus();
  }

  // What is asked goes one by one, and again until it is answered: to ask twice does no harm.
  const queue = [];
  let n = 0;
  let typed = false; // the box has words that were not sent yet
  let failing = false;
  let kept = null;
  let missing = null; // the line that says what is

  const isSave = ({ kind }) => kind === "reason" || kind === "share";
  const placeOf = ({ kind }) => (OF_DECISION.includes(kind) ? decisionLine : storyLine);

  function ask(message) {
    if (!isSave(message) && queue.some((other) => !isSave(other))) return; // one step at a time
    if ("text" in message || "reason" in message) typed = false;
    const older = queue.findLastIndex(({ kind }) => kind === message.kind);
    if (older > 0) queue.splice(older, 1); // of the words in the box, only the latest
    n = Math.max(n + 1, Date.now()); // rises from view to view too
    queue.push({ ...message, n });
    if (queue.length === 1) deliver();
  }

  function deliver() {
    const [message] = queue;
    const place = placeOf(message);
    send(model, message);
    if (!failing) later("slow", SLOW, () => report(place, say(place === storyLine ? "checking" : "saving")));
    later("silence", SILENCE, () => {
      failing = true;
      tell(place, say(message.kind === "open" ? "no_kernel" : "not_saved_yet"), true);
      deliver();
    });
  }

  function saveNow() {
    cancel("typing");
    if (typed) ask({ kind: "reason", text: box.value });
  }

  function tell(place, text, problem = false) {
    cancel("anew");
    missing = null;
    place.className = problem ? "fg-problem" : "fg-soft";
    if (place.textContent !== text) place.textContent = text;
  }

  // What is missing, read out each time. It stands until something is done about it.
  function tellMissing(place, text) {
    tell(place, "");
    missing = place;
    later("anew", 50, () => {
      tell(place, text, true);
      missing = place;
    });
  }

  function report(place, text) {
    if (missing !== place) tell(place, text);
  }

  function onState(state) {
    if (state.kind !== "state") return;
    const mine = state.n === queue[0]?.n ? queue[0] : { kind: "" };
    if (mine.n) onAnswer(state, mine);
    const moved = !state.problem && !["open", ""].includes(mine.kind);
    showStory(state, moved && placeOf(mine) === storyLine);
    showDecision(state, mine.kind === "commit");
    // What stands here and was not taken yet is newer than what is on record.
    if (!queue.some(({ kind }) => kind === "share")) share.checked = state.share;
    if (!typed && !queue.some((message) => "text" in message || "reason" in message)) write(state.reason);
    if (mine.kind === "open") restore();
  }

  function onAnswer({ problem, note, saved }, message) {
    const place = placeOf(message);
    cancel("slow", "silence");
    failing = Boolean(problem);
    if (failing) {
      tell(place, say("not_saved", { problem: problem.replace(/[.\s]+$/, "") }), true); // it stands inside a sentence
      return later("silence", SILENCE, deliver);
    }
    queue.shift();
    const time = saved && place === decisionLine && say("saved", { time: say.time(saved) });
    report(place, [time, note].filter(Boolean).join(". "));
    if (queue.length) deliver();
  }

  function write(text) {
    if (box.value !== text) box.value = text; // the same text would move the cursor
  }

  function restore() {
    kept = keptAnswers(card);
    const left = kept.get(info.id) ?? [];
    kept.delete(info.id);
    for (const message of left) {
      if ("on" in message) share.checked = message.on;
      if ("text" in message || "reason" in message) write(message.text ?? message.reason);
      ask(message);
    }
  }

  // All of it
  const heading = make("h3", { id: name, tabindex: -1 }, say("heading", { title: info.title }));
  const side = make("span", {}, say(info.graded ? "goes_with_graded" : "not_graded"));
  const body = make(
    "div",
    { class: "fg-body" },
    info.note && make("div", { class: "fg-note" }, ...paragraphs(info.note)),
    told(`${name}-vignette`, info.vignette),
    soft([say("how"), info.preview && say("preview")].filter(Boolean).join(" ")),
    steps,
    storyLine,
    decision,
  );
  const look = { id: `fg-${info.id}`, "aria-labelledby": name };
  const card = frame(words, "article", "fg-card fg-case", look, make("header", {}, heading, side), body);

  listen(card, "input", () => missing && tell(missing, ""));
  listen(box, "input", () => {
    typed = true;
    later("typing", PAUSE, saveNow);
  });
  listen(box, "blur", saveNow);
  listen(share, "change", () => ask({ kind: "share", on: share.checked }));
  listen(card, "keydown", (event) => {
    if (event.key !== "Enter") return;
    event.stopPropagation(); // JupyterLab would keep the line break out of the box
    if (event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (open?.node.contains(event.target)) goOn();
  });
  listen(document, "visibilitychange", () => document.hidden && saveNow());
  listen(window, "pagehide", saveNow);
  listen(window, "beforeunload", (event) => failing && queue[0].kind !== "open" && event.preventDefault());
  model.on("msg:custom", onState);
  el.append(card);
  ask({ kind: "open" });
  return () => {
    saveNow();
    const left = queue.filter(({ kind }) => kind !== "open");
    if (left.length) kept?.set(info.id, left);
    end();
    model.off("msg:custom", onState);
  };
}

export default {
  render: ({ model, el }) => caseView(model, el, model.get("words"), model.get("review_words")),
};
