import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { resolveOptions } from "../options.ts";
import { BandwidthProbe } from "./bandwidth-probe.ts";
import { FloodGuard } from "./flood-guard.ts";
import { ReceiveWindow } from "./receive-window.ts";
import { StreamTable } from "./stream-table.ts";

test("a window is given back once half of it was used", () => {
  const window = new ReceiveWindow(100);
  assert.equal(window.receive(60), true);
  assert.equal(window.release(49, 100), 0);
  assert.equal(window.release(11, 100), 60);
  assert.equal(window.receive(100), true);
  assert.equal(window.receive(1), false);
});

test("a window grows with the update that follows a larger target", () => {
  const window = new ReceiveWindow(100);
  window.receive(100);
  assert.equal(window.release(100, 300), 300);
  assert.equal(window.receive(300), true);
  assert.equal(window.receive(1), false);
});

test("the target doubles when a round trip brings most of a window, up to the bound", () => {
  const probe = new BandwidthProbe(100, 300);
  assert.equal(probe.begin(), true);
  assert.equal(probe.begin(), false);
  probe.receive(66);
  probe.complete();
  assert.equal(probe.windowBytes, 100);
  for (const expected of [200, 300]) {
    assert.equal(probe.begin(), true);
    probe.receive(200);
    probe.complete();
    assert.equal(probe.windowBytes, expected);
  }
  assert.equal(probe.begin(), false);
});

test("idle frames are allowed up to the burst, and again with time and with useful frames", () => {
  const clock = new ManualClock();
  const { limits } = resolveOptions({ limits: { controlBurst: 3, controlsPerSecond: 2 } });
  const guard = new FloodGuard(clock, limits);
  const allowed = (): number => {
    let count = 0;
    while (guard.allowsControl("PING")) count++;
    return count;
  };
  assert.equal(allowed(), 3);
  clock.advance(1000);
  assert.equal(allowed(), 1);
  guard.usefulFrames++;
  assert.equal(allowed(), 3);
  assert.equal(guard.allowsControl("SETTINGS"), true);
});

test("frames of a stream that we reset are ignored, and remain so when too many were reset to remember", () => {
  const table = new StreamTable();
  table.rememberReset(1);
  assert.equal(table.stateOfAbsent(1, false), "ignored");
  assert.equal(table.stateOfAbsent(3, false), "closed");
  assert.equal(table.stateOfAbsent(5, true), "idle");
  for (let id = 7; id < 3007; id += 2) table.rememberReset(id);
  assert.equal(table.stateOfAbsent(1, false), "ignored");
  assert.equal(table.stateOfAbsent(3005, false), "ignored");
  assert.equal(table.stateOfAbsent(3007, false), "closed");
});
