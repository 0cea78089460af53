// How a page and its server talk: messages of its views, in order, and news of what was saved elsewhere.

const WAIT = 20000; // ms after which a message counts as lost; its view sends it again
const MOST_LEAVING = 60000; // a browser takes 64 kB that outlive their page

/** The token is read anew each time: who logs in again gets another. */
const xsrf = () => document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? "";

/**
 * @param {{ data: PageData, page: string, tell(told: Told): void, trouble(which: Trouble, more?: string): void }} page
 */
export function serverOf({ data, page, tell, trouble }) {
  /** @type {{ cell: string, message: any }[]} */
  let waiting = [];
  let sending = false;

  /**
   * @param {string} address
   * @param {RequestInit} [options]
   */
  async function ask(address, options) {
    try {
      const answer = await fetch(address, { credentials: "same-origin", redirect: "manual", cache: "no-store", ...options });
      if (answer.ok) {
        const told = await answer.json();
        trouble("");
        return told;
      }
      const known = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).message : "";
      const loggedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
      trouble(loggedOut ? "login" : "away", answer.status === 413 || answer.status === 422 ? known : "");
    } catch {
      trouble("away");
    }
    return null;
  }

  /** @param {boolean} [leaving] what is sent when the page goes waits for nothing, and outlives it */
  async function post(leaving = false) {
    if ((sending && !leaving) || !waiting.length) return;
    const messages = waiting;
    waiting = [];
    const body = JSON.stringify({ page, messages });
    const headers = { "Content-Type": "application/json", "X-XSRFToken": xsrf() };
    const way = leaving ? { keepalive: body.length < MOST_LEAVING } : { signal: AbortSignal.timeout(WAIT) };
    if (!leaving) sending = true;
    const answer = await ask(data.say, { method: "POST", headers, body, ...way });
    if (!leaving) sending = false;
    answer?.told.forEach(tell);
    if (!leaving) post();
  }

  return {
    /**
     * @param {string} cell
     * @param {any} message
     */
    send(cell, message) {
      waiting.push({ cell, message });
      if (document.visibilityState === "hidden") post(true);
      else queueMicrotask(post);
    },
    /** What was saved elsewhere; what cells that are `busy` are told of comes when they are not. @param {Set<string>} busy */
    async look(busy) {
      if (sending) return;
      const n = Date.now(); // what is changed here from now on counts more than what comes
      const answer = await ask(`${data.news}?page=${page}&seen=${data.seen}`);
      if (!answer) return;
      const late = answer.told.filter((/** @type {Told} */ { cell }) => busy.has(cell));
      for (const one of answer.told) if (!late.includes(one)) tell({ ...one, message: { ...one.message, n } });
      if (!late.length) data.seen = answer.seen;
    },
  };
}
