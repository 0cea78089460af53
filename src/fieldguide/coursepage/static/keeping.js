// What could not be saved yet, kept in this browser until the server has it: for a page that is closed or crashes, and a
// server or network that is gone. It is kept for one account and module, and nothing stays once it is saved.

/** What is kept of one card: `left` is what its view gives and takes up again, `time` when it was kept, in ms. */
/** @typedef {{ left: any, time: number }} Kept */

/** @param {string} store the account's address and the module's path */
export function keeping(store) {
  const prefix = `fieldguide ${store} `;
  let full = false;

  /** @returns {Map<string, Kept>} by the ids of the cards */
  function all() {
    const found = new Map();
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(prefix)) continue;
        const kept = JSON.parse(/** @type {string} */ (localStorage.getItem(key)));
        if (typeof kept?.time === "number") found.set(key.slice(prefix.length), kept);
      }
    } catch {} // A browser may forbid it, and what is not ours is not read.
    return found;
  }

  return {
    all,
    get full() {
      return full;
    },
    /**
     * @param {string} id
     * @param {any} left
     */
    put(id, left) {
      try {
        localStorage.setItem(prefix + id, JSON.stringify({ left, time: Date.now() }));
        full = false;
      } catch {
        full = true; // the page itself still keeps it
      }
    },
    /** @param {string} id */
    drop(id) {
      try {
        localStorage.removeItem(prefix + id);
      } catch {}
      full = false;
    },
  };
}
