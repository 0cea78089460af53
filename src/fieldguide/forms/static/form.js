// A form: boxes and choices that are saved together while a student writes, with one line that says so.
// To be put after the page's part. A field is {node, spot, typed, get(), set(value)}.

/**
 * @param {Page<{ id: string, preview: boolean }>} page
 * @param {Say} say
 */
function formView({ info: { id, preview }, transport, load }, say) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  /** @type {Map<string, number>} */
  const edited = new Map(); // what is not saved yet: a field's name, and the number of its last input

  // The line is seen where the student works. What reads it out is another, which never moves.
  const line = make("p", { class: "fg-saved", "aria-hidden": "true" });
  const live = make("p", { class: "fg-unseen", role: "status" });
  const foot = make("div", { class: "fg-foot" }, soft(say(preview ? "preview" : "kept_current")), live, line);

  const wire = openChannel(transport, { id, say, hear: onState, keep: values, restore: takeUp });
  const news = wire.line(live, live, line);
  const saves = wire.lane({ make: () => ({ kind: "save", values: values() }), line: news, news: savedNews });

  function values() {
    return Object.fromEntries([...edited.keys()].map((name) => [name, /** @type {Field} */ (fields.get(name)).get()]));
  }

  /** @param {FormState} state */
  function savedNews(state) {
    return sentences(savedText(say, state), state.note);
  }

  /** @param {string} name */
  function touch(name) {
    if (preview) return;
    const { spot, typed } = /** @type {Field} */ (fields.get(name));
    edited.set(name, wire.next());
    spot.append(line);
    saves.touch(typed && "typing");
  }

  /**
   * @param {FormState} state
   * @param {boolean} [joining]
   */
  function show(state, joining) {
    for (const [name, field] of fields) {
      if (!edited.has(name)) field.set(state.values[name]);
      else if (joining && field.typed && state.values[name]) {
        // Typed before the record was read: the earlier text is kept, above.
        field.set([state.values[name], field.get()].filter(Boolean).join("\n\n"));
        touch(name);
      }
    }
  }

  /**
   * @param {FormState} state
   * @param {unknown} own
   */
  function onState(state, own) {
    if (state.kind !== "state") return;
    if (own === "open") {
      news.hush();
      show(state, true);
      if (!edited.size) news.show(savedNews(state));
    } else if (!own) show(state);
    else if (!state.problem) for (const [name, at] of edited) if (at <= /** @type {number} */ (state.n)) edited.delete(name);
    form.take(state);
  }

  // What no kernel took of an earlier view.
  /** @param {Record<string, FormValue>} kept */
  function takeUp(kept) {
    for (const [name, value] of Object.entries(kept)) {
      if (edited.has(name) || !fields.has(name)) continue;
      /** @type {Field} */ (fields.get(name)).set(value);
      touch(name);
    }
    saves.flush();
  }

  /** @type {FormOf} */
  const form = {
    ask: wire.ask,
    waits: wire.waits,
    foot,
    take() {}, // what a form does with the rest of a state
    start(card) {
      wire.open();
      return wire.start(card);
    },

    add(name, field) {
      fields.set(name, field);
      field.node.addEventListener(field.typed ? "input" : "change", () => touch(name));
    },

    button: (key, look, act) => press(say(key), look, act),

    review(button, { area, spot }) {
      reviewOnRequest(button, area, load, wire, (told = say("no_kernel")) => {
        spot.append(line);
        news.complain(told);
      });
    },
  };
  return form;
}

// A box to write in, with its label and what stands below it: a row of buttons, the review, and the form's line.
/**
 * @param {FormOf} form
 * @param {string} reviewing what the button of the review says
 * @param {HTMLElement[]} labels
 * @param {Record<string, any>} attributes
 * @param {...Child} buttons
 * @returns {Box}
 */
function boxField(form, reviewing, labels, attributes, ...buttons) {
  const area = make("textarea", { rows: 4, ...attributes });
  const paper = make("div", { class: "fg-paper", "aria-hidden": "true" }); // what a printer gets: the whole text
  const review = make("button", { type: "button" }, reviewing);
  const spot = make("div");
  const row = make("div", { class: "fg-foot" }, review, ...buttons, spot);
  const write = () => (paper.textContent = area.value);
  area.addEventListener("input", write);
  const node = make("div", { class: "fg-box" }, ...labels, area, paper, row);
  form.review(review, { area, spot });
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
