// The student's own policy: a box for each heading. The whole begins with what earlier modules hold, and becomes
// documents.

/** @param {Page<PolicyInfo>} page */
function policyView(page) {
  const { el, info: policy, words } = page;
  const say = speaker(words);
  const name = unique(policy.id);
  const form = formView(page, say);
  const parts = new Map(policy.headings.map((heading) => [heading.id, partOf(heading)]));
  /** @type {Map<string, HTMLInputElement>} */
  const lines = new Map();

  /**
   * @param {string} title
   * @param {...Child} children
   */
  function more(title, ...children) {
    const summary = make("summary", { "data-lm-suppress-shortcuts": "true" }, title);
    return make("details", {}, summary, ...children);
  }

  /**
   * @param {Heading} heading
   * @returns {PolicyPart}
   */
  function partOf({ id, title, ask, settled, sample }) {
    const boxId = `${name}-${id}-text`;
    const heading = make("h4", { id: `${name}-${id}` }, make("label", { for: boxId }, title));
    const start = soft("");
    start.id = `${name}-${id}-start`;
    /** @type {HTMLElement | null} */
    const questions = /** @type {any} */ (ask && make("div", { id: `${name}-${id}-ask` }, ...paragraphs(ask)));
    const described = [questions?.id, start.id].filter(Boolean).join(" ");
    const earlier = make("div");
    const box = boxField(form, say("review"), [start], { id: boxId, "aria-describedby": described });
    form.add(id, box);
    const told = settled && make("div", { class: "fg-settled" }, strong(say("settled")), ...paragraphs(settled));
    const example = sample && more(say("sample"), ...paragraphs(sample));
    const node = make(
      "section",
      { class: "fg-heading", "aria-labelledby": heading.id },
      heading,
      questions,
      told,
      example,
      earlier,
      box.node,
    );
    return { node, box, start, earlier, shown: null };
  }

  // A line of the document's head.
  /** @param {{ id: string, title: string }} line */
  function lineOf({ id, title }) {
    const input = make("input", { type: "text", id: `${name}-${id}-line`, maxlength: 200, autocomplete: "off" });
    const spot = make("div");
    const node = make("div", { class: "fg-line" }, make("label", { for: input.id }, title), input, spot);
    /** @param {string | null} text */
    const set = (text) => {
      if (input.value !== (text ?? "")) input.value = text ?? ""; // the same text would move the cursor
    };
    form.add(id, { node, spot, typed: true, get: () => input.value, set });
    lines.set(id, input);
    return node;
  }

  // What an earlier module holds: told where it stands in the box, and at hand once the box holds something else.
  /**
   * @param {PolicyPart} part
   * @param {Earlier | undefined} found
   */
  function showEarlier(part, found) {
    part.start.textContent = found?.start ? say("from_module", found) : "";
    const aside = found && !found.start && found.text !== part.box.get() ? found.text : null;
    if (aside === part.shown) return; // an open one stays as it is
    part.shown = aside;
    const text = aside && make("p", { class: "fg-earlier" }, aside);
    part.earlier.replaceChildren(.../** @type {Node[]} */ ([text && more(say("earlier", found), text)].filter(Boolean)));
  }

  form.take = (state) => {
    for (const [id, part] of parts) showEarlier(part, /** @type {Record<string, Earlier>} */ (state.earlier)[id]);
  };

  // The documents
  const told = make("p");
  const files = make("ul", { class: "fg-files" });
  const news = make("div", { role: "status" }, told, files);
  /** @type {string[]} */
  const urls = [];

  /**
   * @param {string} text
   * @param {boolean} [problem]
   */
  function tell(text, problem = false) {
    told.className = problem ? "fg-problem" : "";
    told.textContent = text;
  }

  function forget() {
    files.replaceChildren();
    urls.splice(0).forEach((url) => URL.revokeObjectURL(url));
  }

  function makeDocuments() {
    if (form.waits("documents")) return;
    forget();
    tell(say("making"));
    const texts = [...parts].map(([id, { box }]) => [id, box.get()]);
    const values = Object.fromEntries([...texts, ...[...lines].map(([id, input]) => [id, input.value])]);
    const silent = (why = say("no_answer")) => tell(why, true);
    form.ask("documents", { kind: "documents", values }, { hear: onDocuments, silent });
  }

  /**
   * @param {Documents} answer
   * @param {any} buffers the documents
   */
  function onDocuments(answer, buffers) {
    tell(answer.word !== null ? say(answer.word, answer.values) : answer.told, answer.problem);
    answer.files.forEach(({ name: file, type, label }, at) => {
      const url = URL.createObjectURL(new Blob([buffers[at]], { type }));
      urls.push(url);
      files.append(make("li", {}, make("a", { href: url, download: file }, label)));
    });
  }

  // What was saved no longer is what stands here.
  function outdate() {
    if (!files.firstChild) return;
    forget();
    tell(say("outdated"));
  }

  const documents = policy.gather && [
    make(
      "div",
      { class: "fg-documents" },
      make(
        "fieldset",
        { class: "fg-about" },
        make("legend", {}, say("about")),
        ...policy.about.map(lineOf),
      ),
      make("div", { class: "fg-foot" }, form.button("save_document", "fg-primary", makeDocuments)),
      soft(say("save_how")),
      news,
    ),
  ];
  const heading = make("h3", { id: name }, say("policy"));
  const body = make(
    "div",
    { class: "fg-body" },
    ...paragraphs(policy.intro ?? ""),
    policy.sample && more(say("sample_whole"), ...paragraphs(policy.sample)),
    ...[...parts.values()].map(({ node }) => node),
    ...(documents || [soft(say("goes_to_whole"))]),
    form.foot,
  );
  const header = make("header", {}, heading, make("span", {}, policy.gather ? say("whole") : say.count("parts", parts.size)));
  const look = "fg-card fg-form fg-policy";
  const card = frame(words, "article", look, { id: `fg-${policy.id}`, role: "region", "aria-labelledby": name }, header, body);
  card.addEventListener("input", outdate);
  el.append(card);
  const close = form.start(card);
  return () => {
    forget();
    close();
  };
}

export default { overWidget, views: { policy: policyView } };
