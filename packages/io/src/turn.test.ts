import assert from "node:assert/strict";
import { test } from "node:test";
import { atTurnEnd } from "./turn.ts";

test("runs after the promise continuations that are due, before the next event", async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      atTurnEnd(() => order.push("turn end"));
      void Promise.resolve()
        .then(() => order.push("continuation"))
        .then(() => order.push("continuation of it"));
      setImmediate(() => {
        order.push("next event");
        resolve();
      });
    });
  });
  assert.deepEqual(order, ["continuation", "continuation of it", "turn end", "next event"]);
});
