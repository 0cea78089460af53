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
  const server = serverOf({ data, page: "one", tell() {}, tellNews() {}, show: (which) => troubles.push(which) });
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

test("what would take the place of what another page saved is sent again once that is told", async () => {
  const asked = [];
  const told = [];
  const answers = [
    { seen: 7, told: [{ cell: "item", message: { response: "theirs" } }] },
    { told: [{ cell: "item", message: { n: 2 } }] },
  ];
  const save = (n) => ({ kind: "save", view: "view", n });
  globalThis.fetch = async (address, { body }) => {
    asked.push(JSON.parse(new TextDecoder().decode(body)));
    if (asked.length === 1) server.send("item", save(2)); // written while the first is on its way
    return gives(200, answers[asked.length - 1]);
  };
  const data = { say: "/say", news: "/news", seen: 1 };
  const tell = ({ message }) => told.push(message);
  const tellNews = ({ message }, n) => told.push({ ...message, isOf: n <= Date.now(), asked: asked.length });
  const server = serverOf({ data, page: "one", tell, tellNews, show() {} });
  server.send("item", save(1));
  server.send("other", save(1));
  await new Promise((done) => setTimeout(done));
  const [other, first, second] = [["other", 1], ["item", 1], ["item", 2]].map(([cell, n]) => ({ cell, message: save(n) }));
  assert.deepEqual(asked, [
    { page: "one", seen: 1, messages: [first, other] },
    { page: "one", seen: 7, messages: [other, second] },
  ]);
  assert.deepEqual(told, [{ response: "theirs", isOf: true, asked: 1 }, { n: 2 }]);
});
