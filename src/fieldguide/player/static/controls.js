// Controls, one for each interaction type: get() and set() speak in responses, `rows` tells where a note goes.
// Inputs are built once and then only changed: the focus stays.

// The question alone names what is answered. Before it stands the vignette, after it remarks.
/**
 * @param {Item} item
 * @param {Child} [how]
 * @returns {Stem}
 */
function stemOf({ stem }, how) {
  /**
   * @param {string} key
   * @param {Child[]} texts
   */
  const block = (key, texts) => {
    const lines = texts.filter(Boolean).map((text) => make("p", {}, text));
    return lines.length && make("div", { class: `fg-${key}` }, ...lines);
  };
  return {
    vignette: block("vignette", stem.vignette),
    question: make("span", { class: stem.in_parts ? "" : "fg-question" }, stem.question),
    remarks: block("remarks", stem.remarks),
    how: block("how", [how]),
  };
}

// How to answer, and where points are at stake, what a part of the answer earns.
/**
 * @param {Item} item
 * @param {Say} say
 * @param {string} key
 */
const how = (item, say, key) => [say(`how_${key}`), item.points && say(`credit_${key}`)].filter(Boolean).join(" ");

/**
 * @param {Item} item
 * @param {Child} how
 * @param {...Child} rows
 */
function group(item, how, ...rows) {
  const stem = stemOf(item, how);
  const node = make("fieldset", {}, make("legend", {}, stem.question), stem.remarks, stem.how, ...rows);
  introduce(node, stem);
  return make("div", {}, stem.vignette, node);
}

// What choice and hottext share: boxes, of which some are ticked.
/**
 * @param {HTMLElement} node
 * @param {Map<string, Row & { input: HTMLInputElement }>} rows
 * @returns {Control}
 */
const ticked = (node, rows) => ({
  node,
  rows,
  get() {
    const chosen = [.../** @type {NodeListOf<HTMLInputElement>} */ (node.querySelectorAll(":checked"))].map((input) => input.value);
    return chosen.length ? chosen : null;
  },
  set(response) {
    for (const [id, { input }] of rows) input.checked = Boolean(response?.includes(id));
  },
  focus: () => /** @type {HTMLElement} */ (node.querySelector(":checked") ?? node.querySelector("input")).focus(),
});

/** @type {ControlOf<ChoiceItem>} */
function choiceControl(item, say, name) {
  const several = item.choose === "several";
  const rows = new Map();
  for (const { id, text } of item.options) {
    const input = make("input", { type: several ? "checkbox" : "radio", name, value: id });
    const row = make("div", { class: "fg-option" }, make("label", {}, input, make("span", {}, text)));
    rows.set(id, { row, input, text });
  }
  const nodes = [...rows.values()].map(({ row }) => row);
  return ticked(group(item, several && how(item, say, "several"), ...nodes), rows);
}

/** @type {ControlOf<HottextItem>} */
function hottextControl(item, say, name) {
  const rows = new Map();
  const below = make("div"); // notes would tear the running text apart
  const passage = item.passage.map(({ text, id }) => {
    if (!id) return text;
    const input = make("input", { type: "checkbox", name, value: id });
    const row = make("div");
    below.append(row);
    rows.set(id, { row, input, text: "" });
    const [first] = /** @type {RegExpMatchArray} */ (text.match(/^\S*/)); // the box never stands alone at a line's end
    return make("label", {}, make("span", {}, input, first), text.slice(first.length));
  });
  return ticked(group(item, how(item, say, "hottext"), make("p", { class: "fg-passage" }, ...passage), below), rows);
}

/** @type {ControlOf<MatchItem>} */
function matchControl(item, say, name) {
  const rows = new Map();
  const look = item.options.some(({ text }) => text.length > 34) ? "fg-wide" : "fg-pair"; // menus cut long texts
  for (const { id, text } of item.prompts) {
    const menu = item.options.map((option) => make("option", { value: option.id }, option.text));
    const input = make("select", { id: `${name}-${id}` }, make("option", { value: "" }, say("choose_menu")), ...menu);
    const row = make("div", { class: look }, make("label", { for: input.id }, text), input);
    rows.set(id, { row, input, text });
  }
  const node = group(item, how(item, say, "match"), ...[...rows.values()].map(({ row }) => row));
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
    focus: () => /** @type {HTMLElement} */ (node.querySelector("select")).focus(),
  };
}

// The order that is shown at first counts as a response only when it is given as one: moved, kept or checked.
/** @type {ControlOf<OrderItem>} */
function orderControl(item, say) {
  const places = make("ol", { role: "list" });
  const news = make("p", { class: "fg-unseen", role: "status" });
  const rows = new Map(item.options.map(({ id, text }) => [id, makeRow(id, text)]));
  /** @type {boolean} */
  let given;

  /**
   * @param {string} id
   * @param {string} text
   */
  function makeRow(id, text) {
    /**
     * @param {string} key
     * @param {string} sign
     * @param {number} step
     */
    const mover = (key, sign, step) => {
      const button = press(sign, "", () => move(id, step));
      button.ariaLabel = say(key, { text });
      return button;
    };
    const [up, down] = [mover("move_up", "↑", -1), mover("move_down", "↓", 1)];
    const row = make("li", { class: "fg-option", "data-id": id }, make("span", {}, text), up, down);
    row.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(id, step);
    });
    return { row, up, down, text };
  }

  function mark() {
    for (const { row, up, down } of rows.values()) {
      up.setAttribute("aria-disabled", !row.previousSibling);
      down.setAttribute("aria-disabled", !row.nextSibling);
    }
  }

  /**
   * @param {string} id
   * @param {number} step
   */
  function move(id, step) {
    const { row, text } = /** @type {OrderRow} */ (rows.get(id));
    const neighbor = step < 0 ? row.previousSibling : row.nextSibling;
    // The neighbor goes round the row, so that the row's button keeps the focus.
    if (neighbor) row[step < 0 ? "after" : "before"](neighbor);
    const place = [...places.children].indexOf(row) + 1;
    news.textContent = say("moved", { text: unstopped(text), place, total: rows.size });
    mark();
    if (neighbor) keep();
  }

  function keep() {
    given = true;
    places.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @type {Control} */
  const control = {
    node: group(item, how(item, say, "order"), places, news),
    rows: new Map(), // what is said of a place belongs to the place, not to what stands there now
    keep,
    get: () => (given ? /** @type {any[]} */ ([...places.children]).map((row) => row.dataset.id) : null),
    set(response) {
      given = item.use === "practice" || Boolean(response);
      places.append(...new Set([...(response ?? []), ...rows.keys()].map((id) => /** @type {OrderRow} */ (rows.get(id)).row)));
      mark();
    },
    focus: () => /** @type {HTMLElement} */ (places.querySelector("button")).focus(),
  };
  control.set(null);
  return control;
}

// As items/numbers.py reads it: a comma before three digits parts thousands, else it is a decimal comma.
const NUMBER = /^[-+]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+([.,]\d+)?)$/;
/** @param {string} text */
const isNumber = (text) => {
  const signs = text.replace(/[‐‑‒–—―−]/g, "-").normalize("NFKC");
  const digits = signs.replace(/[\s%\p{Cf}]/gu, "");
  return !/\p{No}/u.test(text) && digits.length <= 30 && NUMBER.test(digits);
};

/** @type {ControlOf<EntryItem>} */
function entryControl(item, _say, name) {
  const number = item.expect === "number";
  const input = make("input", { id: name, type: "text", autocomplete: "off", spellcheck: "false", maxlength: 200 });
  if (number) input.inputMode = "decimal";
  const unit = item.unit && make("span", { id: `${name}-unit` }, item.unit);
  const stem = stemOf(item);
  if (unit) input.setAttribute(ABOUT, unit.id);
  introduce(input, stem);
  const get = () => input.value.trim() || null;
  const isFaulty = () => {
    const faulty = number && get() !== null && !isNumber(input.value);
    input.setAttribute("aria-invalid", faulty);
    return faulty;
  };
  input.addEventListener("input", () => input.removeAttribute("aria-invalid"));
  return {
    node: make(
      "div",
      {},
      stem.vignette,
      make("label", { for: name }, stem.question),
      stem.remarks,
      make("p", { class: "fg-entry" }, input, unit),
    ),
    rows: new Map(),
    typed: true,
    isFaulty,
    get,
    set(response) {
      input.value = response ?? "";
      isFaulty();
    },
    focus: () => input.focus(),
  };
}

/** @type {ControlOf<EssayItem>} */
function essayControl(item, say, name) {
  const count = make("p", { class: "fg-soft", id: `${name}-count` }); // read with the box, never while typing
  const area = make("textarea", { id: name, rows: 8, [ABOUT]: count.id });
  const stem = stemOf(item);
  introduce(area, stem);
  const recount = () => {
    const n = area.value.split(/\s+/).filter(Boolean).length;
    count.textContent = say.count(item.words ? "word_goal" : "word_count", n, { goal: item.words });
  };
  recount();
  // A description that changes is read out where the focus is: so while one writes, there is none, nor just after.
  area.addEventListener("input", () => {
    area.removeAttribute(ABOUT);
    recount();
  });
  area.addEventListener("focusout", () => setTimeout(() => area.setAttribute(ABOUT, count.id), 500));
  const criteria = item.rubric.map(({ criterion, points }) => [
    make("span", {}, `${criterion} `),
    make("span", { class: "fg-points" }, say.count("points", points)),
  ]);
  const rubric = criteria.length && make("div", { class: "fg-rubric" }, strong(say("rubric")), list("", criteria));
  return {
    node: make("div", {}, stem.vignette, make("label", { for: name }, stem.question), stem.remarks, rubric, area, count),
    rows: new Map(),
    box: area,
    typed: true,
    get: () => (area.value.trim() ? area.value : null),
    set(response) {
      if (area.value !== (response ?? "")) area.value = response ?? ""; // the same text would move the cursor
      recount();
    },
    focus: () => area.focus(),
  };
}

/** @type {Record<string, ControlOf<any>>} by the item's type */
const CONTROLS = {
  choice: choiceControl,
  match: matchControl,
  order: orderControl,
  hottext: hottextControl,
  entry: entryControl,
  essay: essayControl,
};

// How sure the student is: asked of practice where they like to be asked, and never required.
/**
 * @param {Say} say
 * @param {string} name
 */
function certaintyControl(say, name) {
  const choices = ["sure", "fairly", "guess"].map((level) =>
    make("label", {}, make("input", { type: "radio", name: `${name}-sure`, value: level }), say(level)),
  );
  const node = make("fieldset", { class: "fg-sure", hidden: "" }, make("legend", {}, say("how_sure")), ...choices);
  return {
    node,
    /** @returns {any} a Certainty */
    get: () => (node.hidden ? null : (/** @type {HTMLInputElement | null} */ (node.querySelector(":checked"))?.value ?? null)),
    /** @param {string | null} level */
    set(level) {
      for (const box of node.querySelectorAll("input")) box.checked = box.value === level;
    },
  };
}
