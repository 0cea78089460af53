// Puts together what a view is made with of its parts, once for all the views of a notebook.
/** @type {Map<string, Promise<any>>} by the ids of their parts */
const known = new Map();

/**
 * @param {BlobPart} bytes
 * @returns {Promise<{ name: string, script: string, styles: string, words: Words }>}
 */
const unpack = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();

/**
 * @param {Manager} manager
 * @param {string[]} ids
 */
async function join(manager, ids) {
  const parts = await Promise.all(ids.map(async (id) => unpack((await manager.get_model(id)).get("content"))));
  for (const { name, styles } of parts) {
    const id = `fg-styles-${name}`;
    const sheet = document.getElementById(id) ?? document.head.appendChild(Object.assign(document.createElement("style"), { id }));
    if (sheet.textContent !== styles) sheet.textContent = styles;
  }
  const url = URL.createObjectURL(new Blob(parts.map(({ script }) => script), { type: "text/javascript" }));
  const script = await import(url).finally(() => URL.revokeObjectURL(url));
  return { ...script.default, words: Object.assign({}, ...parts.map(({ words }) => words)) };
}

/**
 * @param {Manager} manager
 * @param {string[]} ids
 */
function load(manager, ids) {
  const key = ids.join();
  if (!known.has(key)) known.set(key, join(manager, ids));
  return known.get(key);
}

/**
 * @param {Model} model
 * @param {HTMLElement} el
 */
export default async function (model, el) {
  const { widget_manager: manager } = model;
  const { views, overWidget, words } = await load(manager, model.get("parts"));
  /** @param {string[]} ids */
  const more = (ids) => load(manager, ids);
  return views[model.get("kind")]({ el, info: model.get("info"), words, transport: overWidget(model), load: more });
}
