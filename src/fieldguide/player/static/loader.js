// Brings the player into the page once for all the views of a notebook, and hands each view to it.
// The assets widget holds script, styles and words; a restarted kernel has new ones.
const load = (assets) => {
  const loaded = (globalThis.fieldguidePlayers ??= new Map());
  if (!loaded.has(assets.model_id)) {
    const url = URL.createObjectURL(new Blob([assets.get("script")], { type: "text/javascript" }));
    loaded.set(assets.model_id, import(url).finally(() => URL.revokeObjectURL(url)));
    const sheet = document.getElementById("fg-styles") ?? document.head.appendChild(document.createElement("style"));
    sheet.id = "fg-styles";
    sheet.textContent = assets.get("styles");
  }
  return loaded.get(assets.model_id);
};

export default {
  async render({ model, el }) {
    const assets = await model.widget_manager.get_model(model.get("assets"));
    const player = await load(assets);
    return player.default.render({ model, el, words: assets.get("words") });
  },
};
