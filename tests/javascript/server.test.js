import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.addEventListener = () => {};
globalThis.document = { cookie: "_xsrf=token", addEventListener() {}, visibilityState: "visible" };
const { serverOf } = await import("../../src/fieldguide/coursepage/static/server.js");

const gives = (status, body = {}) => ({ ok: status < 300, status, type: "basic", json: async () => body });

/** What a page shows, one after the other, that says something and whose requests are answered like this. */
async function shown(answer) {
  const troubles = [];
  globalThis.fetch = async (address, options) => answer(options.method ?? "GET", options);
  const data = { say: "/say", news: "/news", seen: 1 };
  const server = serverOf({ data, page: "one", tell() {}, show: (which) => troubles.push(which) });
  server.send("item", { kind: "save", view: "view", n: 1 });
  await new Promise((done) => setTimeout(done));
  return troubles;
}

test("who was logged out is told so", async () => {
  assert.deepEqual(await shown(() => gives(403)), ["login"]);
});

test("whose server has ended is told so, though what stands in for it refuses as if one were logged out", async () => {
  const hub = (method, { headers }) => gives(method === "POST" ? 403 : headers.Accept === "application/json" ? 424 : 200);
  assert.deepEqual(await shown(hub), ["stopped"]);
});

test("where a look is led to pages of another host, one is logged out and not cut off", async () => {
  const hub = (method) => {
    if (method === "POST") return gives(403);
    throw new TypeError("Failed to fetch");
  };
  assert.deepEqual(await shown(hub), ["login"]);
});

test("what is taken is no trouble", async () => {
  assert.deepEqual(await shown(() => gives(200, { told: [] })), [""]);
});
