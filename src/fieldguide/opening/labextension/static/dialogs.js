// JupyterLab tells of a lost kernel or server in a dialog, which takes the focus: the next keys of a sentence would press
// its buttons. While somebody writes in a question, a dialog that nobody asked for waits until they leave the box.

const BOX = '.fg-root :is(textarea, input:not([type="radio"], [type="checkbox"]))';

/** @param {Lab.DialogClass} Dialog */
export function keepDialogsFromWriters(Dialog) {
  /** @type {any} */
  let last = null; // where a key or the mouse was last used

  /** @param {Event} event */
  const note = ({ target }) => (last = target);
  window.addEventListener("keydown", note, true);
  window.addEventListener("pointerdown", note, true);

  const isWriting = () => last?.matches?.(BOX) && last === document.activeElement;

  Dialog.tracker.widgetAdded.connect((_, dialog) => {
    if (!isWriting()) return;
    const launch = dialog.launch;
    dialog.launch = async () => {
      while (isWriting() && !dialog.isDisposed) await new Promise((left) => last.addEventListener("blur", left, { once: true }));
      return launch.call(dialog);
    };
  });
}
