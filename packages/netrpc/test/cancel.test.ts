import assert from "node:assert/strict";
import { test } from "node:test";
import * as gob from "@drawbar/gob";
import { method } from "@drawbar/netrpc";
import { pair, settle } from "./contract.ts";

test("a signal that aborts settles the call with its reason; the late answer is dropped and the next one read", async () => {
  let release = (): void => {};
  const { arith, client } = pair({
    Wait: (text) => new Promise((resolve) => (release = () => resolve(text))),
  });
  const controller = new AbortController();
  const reason = new Error("not needed any more");
  const call = assert.rejects(arith.Wait("late", { signal: controller.signal }), (error) => error === reason);
  await settle();
  controller.abort(reason);
  await call;
  assert.equal(client.pendingCount, 0);
  release();
  assert.equal(await arith.Multiply({ A: 2, B: 3 }), 6);
});

test("a late answer whose type nobody here knows is passed over by its wire type", async () => {
  const release: (() => void)[] = [];
  const { arith, client } = pair({
    Divide: () => new Promise((resolve) => release.push(() => resolve({ Quo: 1, Rem: 2 }))),
  });
  const controller = new AbortController();
  const unlike = method(gob.struct("Args", { A: gob.int }), gob.string);
  const call = client.call("Arith.Divide", unlike, { A: 1 }, { signal: controller.signal });
  await settle();
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  release[0]?.();
  assert.equal(await arith.Multiply({ A: 2, B: 3 }), 6);
});

test("a signal that has aborted already sends nothing", async () => {
  const { arith, connection } = pair();
  await assert.rejects(arith.Wait("x", { signal: AbortSignal.abort(new Error("no")) }), { message: "no" });
  await settle();
  assert.equal(connection.requestCount, 0);
});

test("a long-lived signal keeps no listener of calls that are over", async () => {
  const { arith } = pair();
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  for (let i = 0; i < 10; i++) await arith.Multiply({ A: 1, B: 1 }, { signal });
  assert.equal(listeners, 0);
});

test("no answer in time rejects the call alone", async () => {
  const { arith, clock } = pair({ Wait: () => new Promise(() => {}) });
  const call = arith.Wait("x", { timeoutMs: 50 });
  await settle();
  clock.advance(49);
  const other = arith.Wait("y", { timeoutMs: 50 });
  clock.advance(1);
  await assert.rejects(call, {
    code: "netrpc-timeout",
    message: "no answer to Arith.Wait came within 50 ms",
    facts: { serviceMethod: "Arith.Wait", timeoutMs: 50 },
  });
  clock.advance(49);
  await assert.rejects(other, { code: "netrpc-timeout" });
  assert.equal(await arith.Multiply({ A: 2, B: 3 }), 6);
});

test("the client's timeout holds for calls that have none of their own, and no timer outlives its call", async () => {
  const { arith, clock } = pair({ Wait: () => new Promise(() => {}) }, { timeoutMs: 100 });
  const limited = arith.Wait("x");
  const unlimited = arith.Wait("x", { timeoutMs: 0 });
  unlimited.catch(() => {});
  await arith.Multiply({ A: 1, B: 1 });
  assert.equal(clock.pendingCount, 1);
  clock.advance(100);
  await assert.rejects(limited, { code: "netrpc-timeout" });
  assert.equal(clock.pendingCount, 0);
});
