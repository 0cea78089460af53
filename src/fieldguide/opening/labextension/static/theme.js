// While JupyterLab follows the system's light or dark, the first theme that somebody chooses only ends that, and the second
// counts. Here the first does.

const CHOOSE = "apputils:change-theme";

/** @param {Lab.Commands} commands */
export function countFirstTheme(commands) {
  let chosen = ""; // and being chosen again
  commands.commandExecuted.connect((_, { id, args, result }) => {
    if (id !== CHOOSE) return;
    const isAgain = args.theme === chosen;
    chosen = isAgain ? "" : args.theme;
    if (!isAgain) result.then(() => commands.execute(id, args));
  });
}
