// What can be made anew. An empty notebook or console with our kernel is of no use to anybody: notebooks of ours ask for it
// by name. So neither JupyterLab's launcher nor Notebook 7's menu "New" offers it.

const KERNEL = "fieldguide";
const TILE = "fieldguide:tile:";

/** @param {{ kernelName?: string, kernelPreference?: { name?: string } }} [args] */
const asksForOurs = ({ kernelName, kernelPreference } = {}) => (kernelName ?? kernelPreference?.name) === KERNEL;

// ``tiles`` are those that a server's settings name, each with a command, a label and a category; where they name any,
// the launcher has no others.
/**
 * @param {Lab.Launcher | null} launcher
 * @param {Lab.Commands} commands
 * @param {Tile[]} tiles
 * @param {unknown} icon
 */
export function trimLauncher(launcher, commands, tiles, icon) {
  const isVisible = commands.isVisible.bind(commands);
  commands.isVisible = (id, args) => !(id === "notebook:create-new" && asksForOurs(args)) && isVisible(id, args);
  if (!launcher) return;
  for (const { command, label, category } of tiles) {
    commands.addCommand(TILE + command, { label, icon, execute: () => commands.execute(command) });
    launcher.add({ command: TILE + command, category });
  }
  const items = launcher.items.bind(launcher);
  /** @param {Lab.LauncherItem} item */
  const wanted = ({ command, args }) => (tiles.length ? command.startsWith(TILE) : !asksForOurs(args));
  launcher.items = () => [...items()].filter(wanted).values();
  launcher.stateChanged.emit();
}
