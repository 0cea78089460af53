// Brings the player into the page once for all the views of a notebook, and hands each view to it.
// The assets widget holds script, styles and words; a restarted kernel has new ones.
/** @type {Map<string, Promise<any>>} by the assets' ids */
const players = (globalThis.fieldguidePlayers ??= new Map());
/** @param {Model} assets */
const load = (assets) => {
  const url = URL.createObjectURL(new Blob([assets.get("script")], { type: "text/javascript" }));
  return import(url).finally(() => URL.revokeObjectURL(url));
};
export default {
  /** @param {ViewOf} view */
  async render({ model, el }) {
    const assets = await model.widget_manager.get_model(model.get("assets"));
    if (!players.has(assets.model_id)) players.set(assets.model_id, load(assets));
    const player = await players.get(assets.model_id);
    return player.default.render({ model, el, words: assets.get("words"), styles: assets.get("styles") });
  },
};
