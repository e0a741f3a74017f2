import assert from "node:assert/strict";
import { test } from "node:test";
import { atNextTurn, atTurnEnd } from "./turn.ts";

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

test("a later turn comes after events that are waiting, and after all that this turn still does", async () => {
  const order: string[] = [];
  const over = new Promise<void>((resolve) => {
    atNextTurn(() => {
      order.push("next turn");
      resolve();
    });
  });
  atTurnEnd(() => order.push("turn's end"));
  queueMicrotask(() => order.push("microtask"));
  await over;
  assert.deepEqual(order, ["microtask", "turn's end", "next turn"]);
});
