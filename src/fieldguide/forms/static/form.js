// A form: boxes and choices that are saved together while a student writes, with one line that says so.
// To be put after page.js and review.js. A field is {node, spot, typed, get(), set(value)}.

const PACE = { pause: 800, slow: 400, silence: 5000 }; // ms: after the last key, before "Saving…", without an answer

function formView(model, say) {
  const { id, preview } = model.get("form");
  const view = unique(id); // several views of one form hear every answer: each takes its own
  const ask = reviewAsker(model);
  const fields = new Map();
  const edited = new Map(); // what is not saved yet: a field's name, and the n of its last input
  const asked = new Map(); // what a question of ours waits for
  let n = 0;
  const next = () => (n = Math.max(n + 1, Date.now()));
  let sentN = 0;
  let opened = false;
  let failing = false;

  const { signal, cancel, later, listen, end } = untilOver();

  // The line is seen where the student works. What reads it out is another, which never moves.
  const line = make("p", { class: "fg-saved", "aria-hidden": "true" });
  const live = make("p", { class: "fg-unseen", role: "status" });
  const foot = make("div", { class: "fg-foot" }, soft(say(preview ? "preview" : "kept_current")), live, line);

  function write(text, problem = false) {
    line.classList.toggle("fg-problem", problem);
    line.textContent = text;
    if (live.textContent !== text) live.textContent = text;
  }

  function complain(key, problem = "") {
    write(say(key, { problem: problem.replace(/[.\s]+$/, "") }), true); // it stands inside a sentence
  }

  function add(name, field) {
    fields.set(name, field);
    listen(field.node, field.typed ? "input" : "change", () => onInput(name, field));
    listen(field.node, "focusout", saveNow);
  }

  function onInput(name, field) {
    if (preview) return;
    edited.set(name, next());
    field.spot.append(line);
    if (field.typed) later("typing", PACE.pause, save);
    else save();
  }

  function save() {
    cancel("typing");
    sentN = n;
    const values = Object.fromEntries([...edited.keys()].map((name) => [name, fields.get(name).get()]));
    send(model, { kind: "save", view, n: sentN, values });
    if (!failing) later("slow", PACE.slow, () => write(say("saving")));
    later("silence", PACE.silence, () => {
      failing = true;
      complain("not_saved_yet");
      save();
    });
  }

  function saveNow() {
    if (edited.size && sentN < n) save();
  }

  function showSaved({ saved, note }) {
    write([saved && say("saved", { time: say.time(saved) }), note].filter(Boolean).join(". "));
  }

  function restore({ values }, joining) {
    for (const [name, field] of fields) {
      if (!edited.has(name)) field.set(values[name]);
      else if (joining && field.typed && values[name]) {
        // Typed before the record was read: the earlier text is kept, above.
        field.set([values[name], field.get()].filter(Boolean).join("\n\n"));
      }
    }
  }

  function onOpen(state) {
    opened = true;
    live.setAttribute("aria-live", "off"); // not to be read out: a notebook opens many at once
    later("live", 500, () => live.removeAttribute("aria-live"));
    restore(state, true);
    if (!edited.size) showSaved(state);
    const kept = keptAnswers(foot);
    for (const [name, value] of Object.entries(kept.get(id) ?? {})) {
      const field = fields.get(name);
      if (!field || edited.has(name)) continue;
      field.set(value);
      edited.set(name, next());
      field.spot.append(line);
    }
    kept.delete(id);
    saveNow();
  }

  function onSaved(state) {
    if (!state.problem) for (const [name, at] of edited) if (at <= state.n) edited.delete(name);
    if (state.n < sentN) return; // a later save is on its way
    cancel("slow", "silence");
    failing = Boolean(state.problem);
    if (!failing) return showSaved(state);
    complain("not_saved", state.problem);
    later("silence", PACE.silence, save);
  }

  function onMessage(message, buffers) {
    const own = message.view === view;
    if (own) {
      asked.get(message.n)?.(message, buffers);
      asked.delete(message.n);
    }
    if (message.kind !== "state") return;
    if (!own) restore(message);
    else if (!opened) onOpen(message);
    else if (message.n !== null) onSaved(message);
    form.take(message);
  }

  const form = {
    add,
    ask,
    button(key, look, act) {
      const node = make("button", { type: "button", class: look }, say(key));
      listen(node, "click", act);
      return node;
    },
    foot,
    listen,
    take() {}, // what a form does with the rest of a state

    // Sends a question of the form's own; the answer comes to `hear`, and silence to `miss`.
    request(message, hear, miss) {
      const n = next();
      const silence = setTimeout(() => asked.delete(n) && miss(), PACE.silence);
      signal.addEventListener("abort", () => clearTimeout(silence));
      asked.set(n, (...answer) => {
        clearTimeout(silence);
        hear(...answer);
      });
      send(model, { ...message, view, n });
    },

    // Once everything is in the page, `card` being its whole.
    open(card) {
      listen(card, "keydown", (event) => event.key === "Enter" && event.stopPropagation()); // JupyterLab's own
      listen(document, "visibilitychange", () => document.hidden && saveNow());
      listen(window, "pagehide", saveNow);
      listen(window, "beforeunload", (event) => failing && event.preventDefault());
      model.on("msg:custom", onMessage);
      send(model, { kind: "open", view, n: null });
      return () => {
        saveNow();
        const values = [...edited.keys()].map((name) => [name, fields.get(name).get()]);
        if (values.length) keptAnswers(foot).set(id, Object.fromEntries(values));
        end();
        model.off("msg:custom", onMessage);
      };
    },
  };
  return form;
}

// A box to write in, with its label and what stands below it: a row of buttons, the review, and the form's line.
function boxField(form, reviewWords, labels, attributes, ...buttons) {
  const area = make("textarea", { rows: 4, ...attributes });
  const paper = make("div", { class: "fg-paper", "aria-hidden": "true" }); // what a printer gets: the whole text
  const review = make("button", { type: "button" }, reviewWords.review);
  const spot = make("div");
  const row = make("div", { class: "fg-foot" }, review, ...buttons, spot);
  const write = () => (paper.textContent = area.value);
  form.listen(area, "input", write);
  const node = make("div", { class: "fg-box" }, ...labels, area, paper, row);
  reviewWith(review, area, reviewWords, form.ask);
  return {
    node,
    area,
    spot,
    typed: true,
    get: () => area.value,
    set(text) {
      if (area.value !== (text ?? "")) area.value = text ?? ""; // the same text would move the cursor
      write();
    },
  };
}
