// What a student gave and the server has not taken yet, kept in this browser: no crash of either loses it.

/** @typedef {{ key: string, cell: string, page: string, left: any, base: string | null, at: number }} Kept */

const same = (/** @type {unknown} */ one, /** @type {unknown} */ other) => JSON.stringify(one || null) === JSON.stringify(other || null);

/**
 * @param {string} store names the account and the module
 * @param {string} page
 */
export function keeping(store, page) {
  const start = `fieldguide ${store} `;
  const keyOf = (/** @type {string} */ cell) => `${start}${cell} ${page}`;
  let works = true;

  return {
    /** Whether this browser keeps anything. */
    get works() {
      return works;
    },

    // `base` is when that was saved which `left` is to follow.
    /**
     * @param {string} cell
     * @param {any} left
     * @param {string | null} base
     * @param {string} [mark] sets it apart from what the cell itself holds
     */
    put(cell, left, base, mark = "") {
      const key = keyOf(cell) + mark;
      try {
        localStorage.setItem(key, JSON.stringify({ left, base, at: Date.now() }));
        works = true;
      } catch {
        works = false; // full, or forbidden
      }
      return key;
    },

    /** @param {string} cell */
    clear(cell) {
      this.drop(keyOf(cell));
    },

    /** @param {string} key */
    drop(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        works = false;
      }
    },

    /** What earlier pages left, the latest first. */
    found() {
      /** @type {Kept[]} */
      const found = [];
      try {
        for (const key of Object.keys(localStorage)) {
          if (!key.startsWith(start)) continue;
          const [cell, by] = key.slice(start.length).split(" ");
          const { left, base, at } = JSON.parse(/** @type {string} */ (localStorage.getItem(key)));
          found.push({ key, cell, page: by, left, base, at });
        }
      } catch {
        works = false;
      }
      return found.toSorted((one, other) => other.at - one.at);
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
