import assert from "node:assert/strict";
import { test } from "node:test";
import { onAbort } from "./signals.ts";

test("the listener is called once, with the signal's reason", () => {
  const controller = new AbortController();
  const reasons: unknown[] = [];
  onAbort(controller.signal, (reason) => reasons.push(reason));
  controller.abort("why");
  controller.abort("again");
  assert.deepEqual(reasons, ["why"]);
});

test("a signal that has aborted already calls the listener at once", () => {
  const reasons: unknown[] = [];
  onAbort(AbortSignal.abort("before"), (reason) => reasons.push(reason));
  assert.deepEqual(reasons, ["before"]);
});

test("a removed listener is not called", () => {
  const controller = new AbortController();
  const remove = onAbort(controller.signal, () => assert.fail("called after removal"));
  remove();
  controller.abort();
});

test("without a signal there is nothing to do", () => {
  onAbort(undefined, () => assert.fail("called without a signal"))();
});
