// Carries messages to the server, in order, one request at a time. What gets no answer its view sends again, and the server
// does it once.

import { request } from "./request.js";

const WAIT = 20000; // ms after which a request counts as lost
const OUTLIVING = 60000; // bytes of requests that a browser lets outlive their page, and a little less

// Of these, what stands in a view now, only the latest counts.
const STANDING = ["save", "reason", "share", "open"];

/** @type {(status: number, type: ResponseType) => Trouble} */
function troubleOf(status, type) {
  if (type === "opaqueredirect" || status === 401 || status === 403) return "login";
  return status === 424 || status === 503 ? "stopped" : "away";
}

/**
 * @param {{ data: PageData, page: string, tell(told: Told): void, tellNews(news: Told, n: number): void, show(which: Trouble, more?: string): void }} page
 */
export function serverOf({ data, page, tell, tellNews, show }) {
  /** @type {{ cell: string, message: any }[]} */
  let waiting = [];
  let sending = false;
  let leaving = false; // what is sent now waits for nothing: the page may be gone before an answer comes
  let carried = 0; // bytes of requests that would outlive this page
  /** @type {Trouble} */
  let trouble = "";

  /** @type {(now: Trouble, more?: string) => void} */
  const meet = (now, more) => show((trouble = now), more);

  const newsAddress = () => `${data.news}?page=${page}&seen=${data.seen}`;

  // JupyterHub, which answers for a server that has ended, refuses as if one were logged out. A look it leads to where it tells.
  async function hasEnded() {
    try {
      const { status, type } = await request(newsAddress(), { signal: AbortSignal.timeout(WAIT) });
      return troubleOf(status, type) === "stopped";
    } catch {
      return false; // it led to another host's pages, which this one may not look at
    }
  }

  /**
   * @param {string} address
   * @param {RequestInit} [options]
   */
  async function ask(address, options) {
    try {
      const signal = AbortSignal.timeout(WAIT);
      const answer = await request(address, { redirect: "manual", signal, ...options });
      if (answer.ok) return await answer.json();
      const known = [413, 422].includes(answer.status) ? (await answer.json()).message : "";
      const which = troubleOf(answer.status, answer.type);
      meet(which === "login" && (await hasEnded()) ? "stopped" : which, known);
    } catch {
      if (!leaving) meet("away");
    }
    return null;
  }

  /** @param {{ cell: string, message: any }} last */
  function queue({ cell, message }) {
    const needless = (/** @type {{ cell: string, message: any }} */ one) =>
      one.cell === cell &&
      one.message.view === message.view &&
      one.message.kind === message.kind &&
      (one.message.n === message.n || STANDING.includes(message.kind));
    waiting = [...waiting.filter((one) => !needless(one)), { cell, message }];
  }

  /**
   * @param {News} news
   * @param {number} n
   */
  function hear({ seen, told }, n) {
    data.seen = seen;
    for (const one of told) tellNews(one, n);
  }

  /** @param {{ cell: string, message: any }[]} messages */
  async function post(messages) {
    const n = Date.now();
    const body = new TextEncoder().encode(JSON.stringify({ page, seen: data.seen, messages }));
    const keepalive = carried + body.length < OUTLIVING;
    if (keepalive) carried += body.length;
    const answer = await ask(data.say, { method: "POST", body, keepalive });
    if (keepalive) carried -= body.length;
    if (!answer) return false;
    meet("");
    if (answer.seen) {
      // They would have taken the place of what was not told here: now it is.
      const since = waiting;
      waiting = messages;
      since.forEach(queue);
      hear(answer, n);
    } else answer.told.forEach(tell);
    return true;
  }

  async function next() {
    if ((sending && !leaving) || !waiting.length) return;
    const messages = waiting;
    waiting = [];
    sending = true;
    await post(messages);
    sending = false;
    next();
  }

  addEventListener("pagehide", () => (leaving = true), true);
  addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("visibilitychange", () => (leaving = document.visibilityState === "hidden"), true);

  return {
    get trouble() {
      return trouble;
    },

    /** Whether something is on its way. */
    get busy() {
      return sending || waiting.length > 0;
    },

    /**
     * @param {string} cell
     * @param {any} message
     */
    send(cell, message) {
      queue({ cell, message });
      if (leaving) next();
      else queueMicrotask(next);
    },

    // What changed without this page. In trouble a request that changes nothing finds out whether it is over: only one
    // that could have saved something tells.
    async news() {
      if (sending || (trouble && !(await post([])))) return;
      const n = Date.now(); // what is changed here from now on counts more than what comes
      const news = await ask(newsAddress());
      if (news) hear(news, n);
    },
  };
}
