// All that each view brings along: it lets the loader draw it, which all views of a notebook share.
export default {
  /** @param {ViewOf} view */
  async render({ model, el }) {
    const assets = await model.widget_manager.get_model(model.get("assets"));
    const text = new Blob([assets.get("loader")], { type: "text/javascript" });
    return (await (assets.loading ??= import(URL.createObjectURL(text)))).default(model, el);
  },
};
