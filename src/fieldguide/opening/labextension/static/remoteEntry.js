// JupyterLab's and Notebook 7's way in: a module federation container, written by hand so that nothing has to be built.
(() => {
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const SCRIPTS = ["opening.js", "strangers.js", "reading.js", "dialogs.js", "assignments.js", "launcher.js", "theme.js"];

  /** @type {(...packages: Lab.Package[]) => object} */
  const plugin = (ours, { INotebookTracker, INotebookWidgetFactory }, { CodeCell }, { Dialog }, { ServerConnection }) => ({
    id: "fieldguide:open-and-go",
    autoStart: true,
    requires: [INotebookTracker, INotebookWidgetFactory],
    /**
     * @param {Lab.App} app
     * @param {Lab.Tracker} tracker
     * @param {Lab.WidgetFactory} factory
     */
    activate({ commands, serviceManager: { contents, serverSettings } }, tracker, factory) {
      const { baseUrl } = serverSettings;
      /** @type {(path: string, init: object) => Promise<Response | null>} */
      const request = (path, init) =>
        ServerConnection.makeRequest(`${baseUrl}${path}`, init, serverSettings).catch(() => null);
      /** @param {Promise<Response | null>} reply */
      const json = (reply) => reply.then((one) => (one?.ok ? one.json() : null));
      /** @param {string} path */
      const isOnServer = (path) => !contents.driveName(path);
      /** @type {Record<string, ReturnType<typeof json>>} by language */
      const said = {};
      /** @type {OpeningServer} */
      const server = {
        // To say what is the matter.
        words: (lang) => (said[lang] ??= json(request(`fieldguide/open?lang=${encodeURIComponent(lang)}`, {}))),
        // Whether a notebook is the person's own copy; null where nobody knows.
        async ask(notebook) {
          if (!isOnServer(notebook.path)) return null;
          return json(request("fieldguide/open", { method: "POST", body: JSON.stringify(notebook) }));
        },
        reach: async (path) => (await request(path, {}))?.status ?? 0,
        placeKey: (path) => `fieldguide place ${baseUrl}${path}`,
      };
      /** @param {Lab.NotebookPanel} panel */
      const start = (panel) => ours.follow(panel, CodeCell, server);
      ours.bringLinksIntoReach();
      ours.keepKeysFromCells(commands);
      ours.keepDialogsFromWriters(Dialog);
      ours.takeFocusAlong();
      factory.widgetCreated.connect((_, panel) => ours.keepStrangersOut(panel, isOnServer(panel.context.path)));
      tracker.forEach(start);
      tracker.widgetAdded.connect((_, panel) => start(panel));
    },
  });

  /** @type {(...packages: Lab.Package[]) => object} */
  const windowPlugin = (ours, { ILauncher }, { PageConfig }, { listIcon }) => ({
    id: "fieldguide:window",
    autoStart: true,
    optional: ILauncher ? [ILauncher] : [], // Notebook 7 has none
    /**
     * @param {Lab.App} app
     * @param {Lab.Launcher | null} launcher
     */
    activate({ commands }, launcher) {
      ours.countFirstTheme(commands);
      ours.trimLauncher(launcher, commands, JSON.parse(PageConfig.getOption("fieldguideTiles") || "[]"), listIcon);
    },
  });

  function addStyles() {
    const styles = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("style.css", here).href });
    document.head.append(styles);
    return new Promise((done) => (styles.onload = styles.onerror = done));
  }

  /** @type {Record<string, Record<string, { get(): Promise<() => Lab.Package> }>>} */
  let scope; // the packages that JupyterLab shares, by name and version
  /** @param {string} name */
  const shared = async (name) => (await Object.values(scope[`@jupyterlab/${name}`] ?? {})[0]?.get())?.() ?? {};

  (window._JUPYTERLAB ??= {}).fieldguide = {
    /** @param {typeof scope} given */
    init: (given) => (scope = given),
    async get() {
      const scripts = SCRIPTS.map((name) => import(new URL(name, here).href));
      const ours = Promise.all(scripts).then((parts) => Object.assign({}, ...parts));
      const parts = [ours, ...["notebook", "cells", "apputils", "services"].map(shared), addStyles()];
      const around = [ours, ...["launcher", "coreutils", "ui-components"].map(shared)];
      const made = [plugin(...(await Promise.all(parts))), windowPlugin(...(await Promise.all(around)))];
      return () => ({ __esModule: true, default: made });
    },
  };
})();
