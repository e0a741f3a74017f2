import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { DeadlineTimers } from "./deadline-timers.ts";

function target(): { fired: number; onDeadline(): void } {
  return {
    fired: 0,
    onDeadline() {
      this.fired++;
    },
  };
}

describe("DeadlineTimers", () => {
  test("a deadline fires once, at its time and not before", () => {
    const clock = new ManualClock();
    const timers = new DeadlineTimers(clock);
    const call = target();
    timers.add(call, 500);
    clock.advance(499);
    assert.equal(call.fired, 0);
    clock.advance(1);
    assert.equal(call.fired, 1);
    clock.advance(1000);
    assert.equal(call.fired, 1);
  });

  test("deadlines of the same millisecond share a timer, which goes with the last of them", () => {
    const clock = new ManualClock();
    const timers = new DeadlineTimers(clock);
    const calls = [target(), target(), target()];
    const deadlines = calls.map((call) => timers.add(call, 100));
    assert.equal(clock.pendingCount, 1);
    deadlines.slice(1).forEach((deadline, i) => {
      timers.remove(deadline, calls[i + 1] ?? target());
    });
    clock.advance(50);
    assert.equal(clock.pendingCount, 1);
    const last = target();
    const deadline = timers.add(last, 70);
    timers.remove(deadline, last);
    clock.advance(50);
    assert.deepEqual(
      calls.map((call) => call.fired),
      [1, 0, 0],
    );
    assert.equal(clock.pendingCount, 0);
  });

  test("a target that ends others while it fires is safe", () => {
    const clock = new ManualClock();
    const timers = new DeadlineTimers(clock);
    const second = target();
    const first = { onDeadline: (): void => timers.remove(deadline, second) };
    timers.add(first, 10);
    const deadline = timers.add(second, 10);
    clock.advance(10);
    assert.equal(second.fired, 0);
    assert.equal(clock.pendingCount, 0);
  });

  test("a timer that the platform cuts short is set again for the rest", () => {
    const clock = new ManualClock();
    const cut = {
      now: () => clock.now(),
      setTimer: (ms: number, callback: () => void) => clock.setTimer(Math.min(ms, 10_000), callback),
    };
    const timers = new DeadlineTimers(cut);
    const call = target();
    timers.add(call, 35_000);
    clock.advance(34_999);
    assert.equal(call.fired, 0);
    clock.advance(1);
    assert.equal(call.fired, 1);
  });
});
