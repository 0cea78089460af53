// Asks this server as whoever is logged in here.

const JSON_TYPE = "application/json";
const xsrf = () => document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? ""; // another one after each login

// JupyterHub asks for the token of a look, too, and tells in JSON only who asks for it that a server has ended.
/** @type {(address: string, options?: RequestInit) => Promise<Response>} */
export const request = (address, options) =>
  fetch(address, {
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: JSON_TYPE, "Content-Type": JSON_TYPE, "X-XSRFToken": xsrf() },
    ...options,
  });
