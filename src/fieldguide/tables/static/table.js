// A table and its controls. The session works out what is shown. To be put after the page's part.

const SEARCH = 200; // ms after the last key before a search begins

/** @param {Page<TableInfo>} page */
function tableView({ el, info: table, words, transport }) {
  const say = speaker(words);
  const name = unique("table");
  const wire = openChannel(transport, { say });
  const { later, cancel } = untilOver(wire.signal);
  /** @type {string | null} */
  let sort = null;
  let descending = false;

  // The controls
  let count = 0;
  /**
   * @param {string} label
   * @param {HTMLElement} control
   */
  const field = (label, control) => {
    control.id = `${name}-${count++}`;
    return make("div", { class: "fg-field" }, make("label", { for: control.id }, label), control);
  };
  /**
   * @param {string} first
   * @param {string[]} values
   * @param {(value: string) => string} [label]
   */
  const menu = (first, values, label = (value) => value) => {
    const none = make("option", { value: "" }, first);
    return make("select", {}, none, ...values.map((value) => make("option", { value }, label(value))));
  };
  const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  const filters = new Map(table.filters.map((filter) => [filter.name, menu(say("every_value"), filter.values)]));
  const group = menu(say("no_group"), table.groups);
  const mean = menu(say("number_of_rows"), table.means, (column) => say("mean_of", { column }));
  const measure = field(say("measure"), mean);
  const clear = make("button", { type: "button" }, say("clear"));
  const fields = [...filters].map(([column, control]) => field(column, control));
  const groups = table.groups.length ? [field(say("group_by"), group), measure] : [];
  group.value = table.group ?? "";

  // What they show
  const status = make("p", { role: "status", class: "fg-count" });
  const caption = make("span", { id: `${name}-caption` }, table.caption);
  const head = make("tr");
  const body = make("tbody");
  const sheet = make("table", {}, make("caption", {}, caption), make("thead", {}, head), body);
  const hint = make("p", { id: `${name}-hint`, class: "fg-soft" });
  const named = { "aria-labelledby": caption.id, "aria-describedby": hint.id };
  const region = make("div", { class: "fg-scroll", role: "region", tabindex: 0, ...named }, sheet);
  const sides = make("div", { class: "fg-sides" }, hint, make("div", {}, region));
  const bars = make("figure", { class: "fg-bars", hidden: "" });
  const code = make("code");
  const described = table.columns.flatMap(({ name, text }) => [make("dt", {}, name), make("dd", {}, text)]);

  /**
   * @param {string} title
   * @param {...Child} children
   */
  const more = (title, ...children) => {
    const summary = make("summary", { "data-lm-suppress-shortcuts": "true" }, title);
    return make("details", {}, summary, ...children);
  };
  const content = make(
    "div",
    { class: "fg-body" },
    make(
      "div",
      { role: "group", "aria-label": say("controls") },
      make("div", { class: "fg-fields fg-wider" }, field(say("search"), search), ...groups),
      fields.length && part(say("filter"), ...fields),
      make("div", { class: "fg-foot" }, status, clear),
    ),
    sides,
    bars,
    more(
      say("about"),
      make("p", {}, make("b", {}, `${say("source")}: `), table.source),
      make("p", {}, make("b", {}, `${say("date")}: `), table.date),
      make("p", {}, make("b", {}, say("columns"))),
      make("dl", {}, ...described),
      more(say("code"), soft(say("code_how")), make("pre", {}, code)),
    ),
  );

  /**
   * @param {string} title
   * @param {...Child} children
   */
  function part(title, ...children) {
    const legend = make("legend", {}, title);
    return make("fieldset", { class: "fg-part" }, legend, make("div", { class: "fg-fields" }, ...children));
  }

  // Columns that are out of sight are told, until the last one is reached.
  function tellSides() {
    const beyond = region.scrollWidth - region.clientWidth;
    hint.textContent = beyond > 1 ? say("sideways") : "";
    sides.classList.toggle("fg-beyond", beyond - Math.abs(region.scrollLeft) > 1);
  }

  function ask() {
    cancel("search");
    measure.hidden = !group.value || !table.means.length;
    const set = [...filters].filter(([, control]) => control.value).map(([column, { value }]) => [column, value]);
    /** @type {any} */
    const controls = { search: search.value, filters: Object.fromEntries(set), sort, descending };
    controls.group = group.value || null;
    controls.mean = (group.value && mean.value) || null;
    const silent = (told = say("no_answer")) => void (status.textContent = told);
    wire.ask("show", { kind: "show", controls }, { hear: show, silent });
  }

  // As written, then up, then down, then as written again.
  /** @param {string} column */
  function turn(column) {
    [sort, descending] = sort !== column ? [column, false] : descending ? [null, false] : [column, true];
    ask();
  }

  /** @param {Column[]} header */
  function showHead(header) {
    const labels = header.map(({ label }) => label).join("\n");
    if (head.dataset.labels !== labels) {
      head.dataset.labels = labels; // else the buttons stay, and with them the keyboard's focus
      const cells = header.map((column) => {
        const button = make("button", { type: "button" }, column.label, make("span", { "aria-hidden": "true" }));
        button.addEventListener("click", () => turn(column.name));
        return make("th", { scope: "col", class: look(column) }, button);
      });
      head.replaceChildren(...cells);
    }
    header.forEach((column, place) => {
      const order = column.name !== sort ? "none" : descending ? "descending" : "ascending";
      head.children[place].setAttribute("aria-sort", order);
    });
  }

  /** @param {Column} column */
  const look = ({ number, width }) => [number && "fg-number", width && `fg-${width}`].filter(Boolean).join(" ");

  /**
   * @param {Column[]} header
   * @param {Shown["rows"]} rows
   */
  function showRows(header, rows) {
    /**
     * @param {string | null} text
     * @param {number} place
     */
    const cell = (text, place) => {
      const attributes = { class: look(header[place]) };
      const content = text ?? make("span", { class: "fg-soft" }, say("not_given"));
      return place ? make("td", attributes, content) : make("th", { scope: "row", ...attributes }, content);
    };
    body.replaceChildren(...rows.map((row) => make("tr", {}, ...row.map(cell))));
  }

  /** @param {any} shown bars, or none */
  function showBars(shown) {
    bars.hidden = !shown?.bars.length;
    if (bars.hidden) return;
    /** @param {Bar} bar */
    const text = (bar) => bar.text ?? say("not_given");
    const told = shown.bars.map((/** @type {Bar} */ bar) => say("bar_text", { name: bar.name, text: text(bar) })).join("; ");
    const label = say("bars_text", { title: shown.title, bars: told });
    const drawn = shown.bars.flatMap((/** @type {Bar} */ bar) => {
      const line = make("span", { class: "fg-bar" });
      line.style.inlineSize = `${100 * bar.share}%`;
      return [make("span", {}, bar.name), make("span", {}, line), make("span", { class: "fg-number" }, text(bar))];
    });
    const plot = make("div", { role: "img", "aria-label": label }, ...drawn);
    bars.replaceChildren(make("figcaption", { "aria-hidden": "true" }, shown.title), plot);
  }

  /** @param {Shown} shown */
  function tell({ header, rows, matched }) {
    if (!rows.length) return say("no_rows");
    const totals = { matched, total: table.total };
    const parts = [group.value ? say.count("groups", rows.length, totals) : say("rows", { n: matched, ...totals })];
    const sorted = header.find((column) => column.name === sort);
    if (sorted) parts.push(say(descending ? "sorted_down" : "sorted_up", { column: sorted.label }));
    return parts.join(", ");
  }

  /** @param {Shown} shown */
  function show(shown) {
    showHead(shown.header);
    showRows(shown.header, shown.rows);
    showBars(shown.bars);
    sheet.classList.toggle("fg-grouped", Boolean(shown.bars));
    status.textContent = tell(shown);
    code.textContent = shown.code;
  }

  search.addEventListener("input", () => later("search", SEARCH, ask));
  for (const control of [...filters.values(), mean]) control.addEventListener("change", ask);
  group.addEventListener("change", () => {
    sort = null; // a grouped table has columns of its own
    ask();
  });
  clear.addEventListener("click", () => {
    for (const control of [search, ...filters.values(), group, mean]) control.value = "";
    sort = null;
    ask();
  });

  const heading = make("h3", { id: name }, table.title);
  const header = make("header", {}, heading, make("span", {}, say("table")));
  const card = frame(words, "section", "fg-card fg-table", { "aria-labelledby": name }, header, content);
  el.append(card);
  measure.hidden = !group.value || !table.means.length;
  show(table.shown);
  const sizes = new ResizeObserver(tellSides);
  for (const node of [region, sheet]) sizes.observe(node);
  wire.signal.addEventListener("abort", () => sizes.disconnect());
  region.addEventListener("scroll", tellSides);
  return wire.start(card);
}

export default { overWidget, views: { table: tableView } };
