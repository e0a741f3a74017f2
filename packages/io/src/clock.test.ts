import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";
import { ManualClock } from "./testing.ts";

test("the system clock runs a timer's callback once, and time has gone forward", async () => {
  const keepAlive = setInterval(() => {}, 1_000);
  const before = systemClock.now();
  await new Promise<void>((resolve) => systemClock.setTimer(1, resolve));
  assert.equal(systemClock.now() >= before, true);
  clearInterval(keepAlive);
});

test("the system clock's cancelled timer never runs, and a delay beyond the platform's longest waits", async () => {
  const keepAlive = setInterval(() => {}, 1_000);
  systemClock.setTimer(0, () => assert.fail("ran after cancel")).cancel();
  const long = systemClock.setTimer(2 ** 40, () => assert.fail("ran at once"));
  // A later timer of the same length has run: the ones above would have too.
  await new Promise<void>((resolve) => systemClock.setTimer(2, resolve));
  long.cancel();
  clearInterval(keepAlive);
});

test("the manual clock runs timers at their own time, in order of time and then of setting", () => {
  const clock = new ManualClock();
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name}@${clock.now()}`);
  clock.setTimer(20, note("late"));
  clock.setTimer(10, note("first"));
  clock.setTimer(10, note("second"));
  clock.advance(9);
  assert.deepEqual(ran, []);
  clock.advance(11);
  assert.deepEqual(ran, ["first@10", "second@10", "late@20"]);
  assert.equal(clock.now(), 20);
  assert.equal(clock.pendingCount, 0);
});

test("a timer set while the manual clock advances runs in the same advance if it falls due", () => {
  const clock = new ManualClock();
  const ran: number[] = [];
  clock.setTimer(5, () => clock.setTimer(5, () => ran.push(clock.now())));
  clock.advance(10);
  assert.deepEqual(ran, [10]);
});

test("a cancelled timer of the manual clock does not run", () => {
  const clock = new ManualClock();
  const timer = clock.setTimer(1, () => assert.fail("ran after cancel"));
  timer.cancel();
  timer.cancel();
  assert.equal(clock.pendingCount, 0);
  clock.advance(10);
});
