// How saving stands: a word in the bar that is always there, and below it what to do when something cannot be saved.

const SLOW = 400; // ms before it says that something is not saved: a quick answer must not flicker
const SPOKEN = 5000; // ms for which a screen reader can come by what was said once

/**
 * @param {PageData} data
 * @param {() => Standing} look how it stands now
 */
export function savingShown(data, look) {
  const [word, voice, line] = ["saved", "saved-voice", "saving"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  const { words } = data;
  let troubled = false;
  /** @type {number | undefined} */
  let waiting;
  /** @type {number | undefined} */
  let spoken;

  // What is saved each card says itself. Here it is read out once, after something could not be saved.
  function put() {
    waiting = undefined;
    const { trouble, refused, open, busy } = look();
    const now = trouble || refused ? "not_saved" : !open ? "all_saved" : busy ? "being_saved" : "not_saved_yet";
    word.textContent = words[now];
    word.classList.toggle("is-trouble", now === "not_saved");
    if (now === "not_saved") troubled = true;
    if (now !== "all_saved" || !troubled) return;
    troubled = false;
    voice.textContent = words.all_saved;
    clearTimeout(spoken);
    spoken = setTimeout(() => (voice.textContent = ""), SPOKEN);
  }

  /** @param {string} [more] what the server said of its own trouble */
  function tell(more) {
    const { trouble, refused, keeps } = look();
    const where = words[keeps ? "kept_in_browser" : "kept_in_page"];
    const what = trouble ? more || words[trouble] : refused && words.refused;
    const text = what ? `${what} ${where}` : keeps ? "" : words.keeps_nothing;
    if (line.dataset.text === text) return;
    line.dataset.text = line.textContent = text;
    const [href, name] = trouble ? [data.home, { login: "log_in", stopped: "start", away: "" }[trouble]] : [refused, "go_to_it"];
    if (!what || !name) return;
    const link = Object.assign(document.createElement("a"), { href, textContent: words[name] });
    if (trouble) link.target = "_blank";
    line.append(" ", link);
  }

  /** @param {string} [more] */
  return function show(more) {
    tell(more);
    const { trouble, refused, open } = look();
    if (trouble || refused || !open) {
      clearTimeout(waiting);
      put();
    } else waiting ??= setTimeout(put, SLOW);
  };
}
