// How a view talks with its session: by numbered messages, of which each view takes the answers to its own. A question
// is asked once. What a student gives is sent until it was taken, and the line beside it says so. To be put after page.js.

const VERSION = 1; // of what views and sessions say to each other, as in session.py
const SLOW = 400; // ms before we say that something takes a moment: a quick answer must not flicker
const SILENCE = 5000; // ms without an answer before we say so, and between tries
const PAUSE = 800; // ms after the last key before a text is saved,
const LONGEST = 2000; // and at the longest after the first that is not

// A transport sends a message, and hands on what comes until what `listen` returns is called. Here: over a widget, or
// over the one that takes its place when a new kernel has run the cell.
/**
 * @param {Model} model
 * @returns {Transport}
 */
function overWidget(model) {
  /** @type {Set<Hearer>} */
  const hearers = new Set();
  return {
    send(message) {
      try {
        model.send(message);
      } catch {} // There is no kernel: the student is told when no answer comes.
    },
    listen(hear) {
      hearers.add(hear);
      model.on("msg:custom", hear);
      return () => {
        hearers.delete(hear);
        model.off("msg:custom", hear);
      };
    },
    async moveOn({ was, now }) {
      const { widget_manager: manager } = model;
      const heir = await manager.get_model(now);
      manager.register_model(was, Promise.resolve(heir)); // for views that are made later
      for (const hear of hearers) {
        model.off("msg:custom", hear);
        heir.on("msg:custom", hear);
      }
      model = heir;
    },
  };
}

// When it was saved, and whether that is in what was handed in last.
/**
 * @param {Say} say
 * @param {Partial<Saving>} state
 * @param {string} [key]
 */
function savedText(say, { saved, handed_in: last }, key = "saved") {
  const missed = last && !last.inside && say("not_inside", { time: say.time(last.time) });
  return saved ? sentences(say(key, { time: say.time(saved) }), missed) : "";
}

// What a live region says, in one or more nodes: read out when it is new, and not while somebody types.
/**
 * @param {Timers} timers
 * @param {HTMLElement} region
 * @param {...HTMLElement} nodes
 * @returns {Line}
 */
function newsLine({ cancel, later }, region, ...nodes) {
  const politeness = region.getAttribute("aria-live");
  const seen = /** @type {HTMLElement} */ (nodes.at(-1));
  const soft = seen.classList.contains("fg-soft");
  let said = ""; // what was last read out
  let held = false;

  /**
   * @param {string} text
   * @param {boolean} [problem]
   */
  function put(text, problem = false) {
    cancel("anew");
    held = false;
    seen.classList.toggle("fg-problem", problem);
    seen.classList.toggle("fg-soft", soft && !problem);
    for (const node of nodes) if (node.textContent !== text) node.textContent = text;
  }

  // For what is on file when a notebook opens: forty items at once.
  function hush() {
    region.setAttribute("aria-live", "off");
    later("live", 500, () => (politeness ? region.setAttribute("aria-live", politeness) : region.removeAttribute("aria-live")));
  }

  return {
    hush,
    show(text) {
      if (held) return;
      if (text && text === said) hush();
      said = text || said;
      put(text);
    },
    complain(text) {
      said = text;
      put(text, true);
    },
    // Seen, and not read out.
    quiet(text) {
      if (held || seen.textContent === text) return;
      hush();
      put(text);
    },
    // What was said no longer is so.
    withdraw(text) {
      if (seen.textContent) this.quiet(text);
    },
    // Stands until something is done about it. With `anew` it is read out each time.
    hold(text, problem, anew = true) {
      if (anew) put("");
      held = true;
      const write = () => {
        put(text, problem);
        held = true;
      };
      if (anew) later("anew", 50, write);
      else write();
    },
    release() {
      if (held) put("");
    },
    // Read out again what is said now, or said next.
    repeat() {
      said = "";
      const text = seen.textContent;
      const problem = seen.classList.contains("fg-problem");
      if (!text || held) return;
      put("");
      later("anew", 50, () => put(text, problem));
    },
  };
}

// `id` is what the view shows. hear(message, lane) gets every message that answers no question, and the lane that it
// answers; `keep` gives what no kernel took, and `restore` gets it in the view that comes next.
/**
 * @param {Transport} transport
 * @param {ChannelOptions} options
 * @returns {Wire}
 */
function openChannel(transport, { id, say, hear = () => {}, keep, restore }) {
  const view = unique(id);
  const { signal, later, cancel, listen, end } = untilOver();
  /** @type {Map<unknown, { n: number, hear: Hearer, silent: Unanswered, end(): void, waiting: boolean }>} */
  const questions = new Map();
  /** @type {Lane[]} */
  const lanes = [];
  /** @type {Map<number, Lane>} */
  const owners = new Map(); // what is on its way: its number, and its lane
  let n = 0;
  let opening = false;
  /** @type {Unanswered | undefined} */
  let unheard; // what is done while nobody answers the view that opens
  let opened = false;
  /** @type {any} */
  let card = null;
  /** @type {any} */
  let kept = null;

  const next = () => (n = Math.max(n + 1, Date.now())); // rises with the clock, so from view to view too
  /** @param {Message & { n: number | null }} message */
  const post = (message) => transport.send({ ...message, v: VERSION, view });
  /** @type {Wire["line"]} */
  const line = (...nodes) => newsLine(untilOver(signal), ...nodes);
  const flush = () => lanes.forEach((lane) => lane.flush());
  const unsaved = () => lanes.some((lane) => lane.open);
  // A host may keep what is not taken yet, in case the page goes.
  const hand = () => transport.keep?.(id, unsaved() && /** @type {() => any} */ (keep)());

  /** @type {(line: Line, problem: any) => void} */
  const complain = (line, problem) => line.complain(say("not_saved", { problem: unstopped(problem) }));

  // An answer that comes late is heard too, unless the same was asked anew or forgotten.
  /** @type {Wire["ask"]} */
  function ask(topic, message, { hear, slow, silent }) {
    forget(topic);
    const { later, end } = untilOver(signal);
    const question = { n: next(), hear, silent, end, waiting: true };
    questions.set(topic, question);
    post({ ...message, n: question.n });
    if (slow) later("slow", SLOW, slow);
    later("silence", SILENCE, () => {
      question.waiting = false;
      silent();
    });
  }

  /** @param {unknown} topic */
  function forget(topic) {
    questions.get(topic)?.end();
    questions.delete(topic);
  }

  // One thing that has to get through. `make` gives the message as it is now, and `news` what to say of the state that
  // took it; what is not `ready` is not sent yet.
  /** @type {Wire["lane"]} */
  function lane({ make, line, news = () => "", ready = () => true, slow = "saving", silent = "not_saved_yet" }) {
    const { later, cancel } = untilOver(signal);
    let due = 0; // the number of the latest change,
    let sent = 0; // of the latest that was sent,
    let taken = 0; // and of the latest that was taken
    let failing = false;
    let typing = false;
    let waiting = false;

    /** @param {(lane: Lane) => boolean} test */
    const others = (test) => lanes.some((one) => one !== self && one.line === line && test(one));

    function wait() {
      waiting = true;
      if (!failing) later("slow", SLOW, () => line.show(say(slow)));
      later("silence", SILENCE, () => {
        failing = true;
        waiting = false;
        line.complain(say(silent));
        send();
      });
    }

    function send() {
      cancel("pause", "longest", "retry");
      typing = false;
      sent = due;
      owners.set(sent, self);
      post({ ...make(), n: sent });
      if (!waiting) wait();
    }

    /** @type {Lane} */
    const self = {
      line,
      get failing() {
        return failing;
      },
      get open() {
        return due > taken;
      },

      // Something changed: it is sent now, or at a pause where somebody is "typing", or when they are "leaving".
      touch(pace) {
        due = next();
        kept ??= keptAnswers(card);
        hand();
        if (!pace) return send();
        if (!failing && !others((one) => one.failing)) line.withdraw(say(pace === "typing" ? slow : "not_left"));
        if (pace !== "typing") return;
        later("pause", PAUSE, send);
        if (!typing) later("longest", LONGEST, send);
        typing = true;
      },

      flush() {
        if (due > sent && ready()) send();
      },

      // What a kernel that is gone was sent, it may not have taken.
      repeat() {
        if (self.open && ready()) send();
      },

      answer(state) {
        if (!self.open) return;
        cancel("slow", "silence");
        waiting = false;
        if (state.n < sent) {
          if (!state.problem) taken = state.n;
          return wait(); // a later one is on its way
        }
        failing = Boolean(state.problem);
        if (failing) {
          complain(line, state.problem);
          return later("retry", SILENCE, send);
        }
        taken = state.n;
        hand();
        if (others((one) => one.failing)) return;
        if (due > taken || others((one) => one.open)) line.quiet(say(slow));
        else line.show(news(state));
      },

      // What is on record now is what counts.
      settle() {
        cancel("pause", "longest", "retry", "slow", "silence");
        failing = typing = waiting = false;
        taken = sent = due;
        hand();
      },
    };
    lanes.push(self);
    return self;
  }

  /** @param {any} state */
  function onOpened(state) {
    opened = true;
    delete card.dataset.unheard;
    hear(state, "open");
    kept ??= keptAnswers(card);
    if (!kept.has(id)) return;
    const left = kept.get(id);
    kept.delete(id);
    /** @type {(left: any) => void} */ (restore)(left);
  }

  // What the session did not understand stays here, and it is said why.
  /** @param {{ n: number | null, problem: string }} message */
  function onOtherVersion(message) {
    const lane = owners.get(/** @type {number} */ (message.n));
    if (lane) return lane.answer(/** @type {any} */ (message));
    if (message.n === null) unheard?.(message.problem);
    for (const { line } of lanes) complain(line, message.problem);
  }

  /** @type {Hearer} */
  function onMessage(message, buffers) {
    if (message.view !== view) return hear(message);
    const isOther = message.kind === "version";
    for (const [topic, question] of questions) {
      if (question.n !== message.n) continue;
      forget(topic);
      return isOther ? question.silent(message.problem) : question.hear(message, buffers);
    }
    if (isOther) return onOtherVersion(message);
    if (message.n === null) {
      cancel("open");
      return opened ? hear(message) : onOpened(message);
    }
    const lane = owners.get(message.n);
    owners.delete(message.n);
    hear(message, lane);
    lane?.answer(message);
  }

  // JupyterLab hears no keys while the focus is in a box. Those that save are let through to it, and save the box too.
  /** @param {KeyboardEvent} event */
  const isSave = ({ key, ctrlKey, metaKey, altKey, shiftKey }) =>
    key?.toLowerCase() === "s" && ctrlKey !== metaKey && !altKey && !shiftKey;

  /** @param {KeyboardEvent} event */
  function onSaveKey(event) {
    if (!isSave(event)) return;
    flush();
    const { target } = /** @type {{ target: any }} */ (event);
    if (!card.contains(target)) return;
    lanes.forEach(({ line }) => line.repeat());
    target.removeAttribute(MUTED);
    setTimeout(() => target.setAttribute(MUTED, "true"));
  }

  // The browser would save the page. JupyterLab, which comes first, passes a key by that was prevented already.
  /** @param {KeyboardEvent} event */
  function keepPage(event) {
    if (isSave(event) && card.contains(event.target)) event.preventDefault();
  }

  return {
    ask,
    forget,
    lane,
    line,
    next,
    signal,
    get n() {
      return n;
    },
    // What in a text could identify somebody; rejects when no answer comes. Several boxes may ask at once.
    review: (text) =>
      new Promise((resolve, reject) => {
        ask({}, { kind: "review", text }, { hear: ({ finds }) => resolve(finds), silent: reject });
      }),
    waits: (topic) => Boolean(questions.get(topic)?.waiting),

    // Asks for what is on record until it comes; `missed` is for when it does not.
    open(missed) {
      opening = true;
      unheard = missed;
      post({ kind: "open", n: null });
      later("open", SILENCE, () => {
        missed?.();
        this.open(missed);
      });
    },

    // When the student comes back to the notebook, such as from the list where one submits.
    whenBack(act) {
      let away = false;
      const watch = new IntersectionObserver(([{ isIntersecting: here }]) => {
        if (here && away) act();
        away = !here;
      });
      watch.observe(notebookOf(card));
      signal.addEventListener("abort", () => watch.disconnect());
      listen(document, "visibilitychange", () => document.hidden || act());
    },

    // Once the card, which is the view's whole, is in the page. What is returned ends it all.
    start(whole) {
      card = whole;
      if (opening) card.dataset.unheard = ""; // by the kernel: whoever has run the cell looks
      const stop = transport.listen(onMessage);
      listen(card, "fieldguide:renewed", async ({ detail }) => {
        await transport.moveOn(detail);
        lanes.forEach((lane) => lane.repeat());
      });
      listen(card, "focusout", flush);
      listen(card, "keydown", (event) => event.key === "Enter" && event.stopPropagation()); // JupyterLab's own
      listen(window, "keydown", onSaveKey, true);
      listen(window, "keydown", keepPage);
      listen(document, "visibilitychange", () => document.hidden && flush());
      listen(window, "pagehide", flush);
      listen(window, "beforeunload", (event) => {
        flush();
        if (unsaved()) event.preventDefault();
      });
      return () => {
        flush();
        if (unsaved()) kept.set(id, /** @type {() => any} */ (keep)());
        end();
        stop();
      };
    },
  };
}
