// What a student gave and the server has not taken yet, kept in this browser: no crash of either loses it.

/** @typedef {{ key: string, cell: string, page: string, left: any, base: string | null, sent?: any[], at: number }} Kept */

const same = (/** @type {unknown} */ one, /** @type {unknown} */ other) => JSON.stringify(one || null) === JSON.stringify(other || null);

const KEPT = "kept";

/** @returns {Promise<IDBDatabase>} */
const open = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open("fieldguide", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(KEPT);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

// In a database, as a browser writes localStorage to the disk some seconds later: one that breaks down would lose them.
/**
 * @param {string} store names the account and the module
 * @param {string} page
 * @param {() => void} changed called when this browser begins to keep, or keeps no more
 */
export function keeping(store, page, changed) {
  const start = `fieldguide ${store} `;
  const keyOf = (/** @type {string} */ cell) => `${start}${cell} ${page}`;
  let works = true;
  let opened = open();

  /** @param {boolean} now */
  function turn(now) {
    if (works === now) return;
    works = now;
    changed();
  }

  /**
   * @template Result
   * @param {IDBTransactionMode} mode
   * @param {(kept: IDBObjectStore) => Result} act
   */
  async function inside(mode, act) {
    const transaction = (await opened).transaction(KEPT, mode, { durability: "strict" });
    const result = act(transaction.objectStore(KEPT));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
      if (mode === "readwrite") transaction.commit(); // the page may be gone before it hears of it
    });
    return result;
  }

  // Full, forbidden, or emptied by the student: it may be otherwise next time.
  function fail() {
    turn(false);
    opened = open();
    opened.catch(() => {});
  }

  return {
    /** Whether this browser keeps anything. */
    get works() {
      return works;
    },

    // `base` is when that was saved which `left` is to follow, `sent` what was given since and may be saved.
    /**
     * @param {string} cell
     * @param {any} left
     * @param {string | null} base
     * @param {any[]} [sent]
     * @param {string} [mark] sets it apart from what the cell itself holds
     */
    put(cell, left, base, sent = [], mark = "") {
      const key = keyOf(cell) + mark;
      inside("readwrite", (kept) => kept.put({ left, base, sent, at: Date.now() }, key)).then(() => turn(true), fail);
      return key;
    },

    /** @param {string} cell */
    clear(cell) {
      this.drop(keyOf(cell));
    },

    /** @param {string} key */
    drop(key) {
      inside("readwrite", (kept) => kept.delete(key)).catch(fail);
    },

    /**
     * What earlier pages left, the latest first.
     * @returns {Promise<Kept[]>}
     */
    async found() {
      try {
        const those = IDBKeyRange.bound(start, `${start}\uffff`);
        const [keys, values] = await inside("readonly", (kept) => [kept.getAllKeys(those), kept.getAll(those)]);
        const found = keys.result.map((key, number) => {
          const [cell, by] = String(key).slice(start.length).split(" ");
          return { key: String(key), cell, page: by, ...values.result[number] };
        });
        return found.toSorted((one, other) => other.at - one.at);
      } catch {
        fail();
        return [];
      }
    },
  };
}

// Whether what was left is what is on record.
/**
 * @param {any} left
 * @param {any} state
 */
export function isOnRecord(left, state) {
  if ("response" in state) return same(left, state.response);
  if ("values" in state) return Object.entries(left).every(([name, value]) => same(value, state.values[name]));
  return !left.step && !left.decision && (left.reason ?? state.reason) === state.reason && (left.share ?? state.share) === state.share;
}

// What of a state takes the place of what is left here, in the same form; null where nothing that a student gave.
/**
 * @param {any} state
 * @param {any} left
 */
export function givenElsewhere(state, left) {
  if ("response" in state) return same(left, state.response) ? null : state.response;
  if ("values" in state) {
    const others = Object.keys(left).filter((name) => state.values[name] && !same(left[name], state.values[name]));
    return others.length ? Object.fromEntries(others.map((name) => [name, state.values[name]])) : null;
  }
  const differs = state.reason && (left.reason ?? left.decision?.reason ?? state.reason) !== state.reason;
  return differs ? { step: null, decision: null, reason: state.reason, share: null } : null;
}

// Whether what is on record is what a page itself gave, and never heard that it was saved.
/**
 * @param {any[]} given
 * @param {any} theirs
 */
export function isOwn(given, theirs) {
  const isParts = theirs && typeof theirs === "object" && !Array.isArray(theirs);
  const parts = Object.entries(isParts ? theirs : {}).filter(([, value]) => value !== null);
  return given.some((one) => (isParts ? parts.every(([name, value]) => same(one?.[name], value)) : same(one, theirs)));
}

// What was left, for people: a text as it was written, a choice by what it says.
/**
 * @param {any} left
 * @param {any} info
 * @returns {string[]}
 */
export function asTexts(left, info) {
  const names = new Map([...(info?.options ?? []), ...(info?.prompts ?? [])].map(({ id, text }) => [id, text]));
  if (left && typeof left === "object" && "reason" in left) return asTexts(left.reason ?? left.decision?.reason, info);
  if (typeof left === "string") return left.trim() ? [names.get(left) ?? left] : [];
  return Object.values(left ?? {}).flatMap((part) => asTexts(part, info));
}
