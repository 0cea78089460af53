import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwn } from "../../src/fieldguide/coursepage/static/keeping.js";

test("what a page gave itself is known as its own, whole or in parts, and nothing else is", () => {
  assert.ok(isOwn(["one", "two"], "one"));
  assert.ok(!isOwn(["one two"], "one"));
  assert.ok(isOwn([["a"], ["b"]], ["b"]));
  assert.ok(!isOwn([["a", "b"]], ["a"]));
  assert.ok(!isOwn([["a"]], []));
  const form = [{ first: "mine", second: "too" }];
  assert.ok(isOwn(form, { second: "too" }));
  assert.ok(!isOwn(form, { second: "theirs" }));
  const story = [{ step: { kind: "again" }, decision: null, reason: "because", share: null }];
  assert.ok(isOwn(story, { step: null, decision: null, reason: "because", share: null }));
  assert.ok(!isOwn(story, { step: null, decision: null, reason: "since", share: null }));
  assert.ok(!isOwn([], "one"));
});
