import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { DeadlineQueue } from "./deadline-queue.ts";
import { FloodBudget } from "./flood-budget.ts";
import { settingsOf } from "./options.ts";

test("a FloodBudget allows its burst at once, then its rate", () => {
  const clock = new ManualClock();
  const budget = new FloodBudget(clock, 3, 10);
  const spent = (): boolean[] => Array.from({ length: 4 }, () => budget.spend());
  assert.deepEqual(spent(), [true, true, true, false]);
  clock.advance(200);
  assert.deepEqual(spent(), [true, true, false, false]);
  clock.advance(60_000);
  assert.deepEqual(spent(), [true, true, true, false]);
});

test("a FloodBudget takes grants up to its burst", () => {
  const budget = new FloodBudget(new ManualClock(), 2, 0);
  budget.spend();
  budget.grant(100);
  assert.deepEqual([budget.spend(), budget.spend(), budget.spend()], [true, true, false]);
});

test("a DeadlineQueue reports each item when its own time is over, with one timer", () => {
  const clock = new ManualClock();
  const due: string[] = [];
  const queue = new DeadlineQueue<string>(clock, 100, (item) => due.push(`${item} at ${clock.now()}`));
  queue.add("a");
  clock.advance(30);
  queue.add("b");
  queue.add("c");
  assert.equal(clock.pendingCount, 1);
  queue.delete("b");
  clock.advance(20);
  queue.add("a");
  clock.advance(1_000);
  assert.deepEqual(due, ["c at 130", "a at 150"]);
  assert.equal(clock.pendingCount, 0);
});

test("a DeadlineQueue with limit 0 never reports", () => {
  const clock = new ManualClock();
  const queue = new DeadlineQueue<string>(clock, 0, () => assert.fail());
  queue.add("a");
  assert.equal(clock.pendingCount, 0);
});

test("a cleared DeadlineQueue keeps no timer, also when it is cleared by what it reports", () => {
  const clock = new ManualClock();
  const due: string[] = [];
  const queue: DeadlineQueue<string> = new DeadlineQueue(clock, 10, (item) => {
    due.push(item);
    queue.clear();
  });
  queue.add("a");
  queue.add("b");
  clock.advance(100);
  assert.deepEqual(due, ["a"]);
  assert.equal(clock.pendingCount, 0);
});

test("settings have upstream's defaults", () => {
  const { clock: _clock, ...settings } = settingsOf({ role: "client" });
  assert.deepEqual(settings, {
    role: "client",
    onStream: undefined,
    acceptBacklog: 256,
    keepAliveIntervalMs: 30_000,
    writeTimeoutMs: 10_000,
    maxStreamWindowBytes: 262_144,
    streamOpenTimeoutMs: 75_000,
    streamCloseTimeoutMs: 300_000,
    maxInboundStreams: 16_384,
    maxBufferedBytes: 134_217_728,
    highWaterMarkBytes: 65_536,
    floodBurstFrames: 10_000,
    floodFramesPerSecond: 1_000,
    maxQueuedAnswers: 1_024,
  });
});

test("a window below 256 KiB is refused: the peer counts on it before it hears from us", () => {
  assert.throws(() => settingsOf({ role: "client", maxStreamWindowBytes: 1000 }), {
    code: "yamux-bad-option",
    message: "yamux option maxStreamWindowBytes is 1000, expected at least 262144",
  });
});

test("options that are not numbers at all are refused", () => {
  assert.throws(() => settingsOf({ role: "client", acceptBacklog: Number.NaN }), {
    code: "yamux-bad-option",
  });
});
