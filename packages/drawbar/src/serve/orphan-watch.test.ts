import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { OrphanWatch } from "./orphan-watch.ts";

function setUp() {
  const clock = new ManualClock();
  const world = { parent: 100, read: true, probes: 0, orphaned: 0 };
  const watch = new OrphanWatch({
    clock,
    initialParentPid: 100,
    parentPid: () => world.parent,
    stdoutIsRead: () => {
      world.probes++;
      return world.read;
    },
    onOrphaned: () => {
      world.orphaned++;
    },
  });
  watch.start();
  return { clock, world, watch };
}

describe("a plugin whose host may be gone", () => {
  it("has no timer while a host is connected", () => {
    const { clock, watch } = setUp();
    watch.connected();
    assert.equal(clock.pendingCount, 0);
  });

  it("notices within half a second of the last connection's end that its parent changed", () => {
    const { clock, world, watch } = setUp();
    watch.connected();
    watch.connected();
    watch.disconnected();
    assert.equal(clock.pendingCount, 0);
    watch.disconnected();
    world.parent = 1;
    clock.advance(500);
    assert.equal(world.orphaned, 1);
    clock.advance(10_000);
    assert.equal(world.orphaned, 1);
  });

  it("notices before the first connection too", () => {
    const { clock, world } = setUp();
    world.parent = 1;
    clock.advance(500);
    assert.equal(world.orphaned, 1);
  });

  it("behind a shell notices that nobody reads its stdout", () => {
    const { clock, world, watch } = setUp();
    watch.connected();
    watch.disconnected();
    world.read = false;
    clock.advance(1000);
    assert.equal(world.orphaned, 1);
  });

  it("goes on while its host is only between two connections", () => {
    const { clock, world, watch } = setUp();
    watch.connected();
    watch.disconnected();
    clock.advance(60_000);
    assert.equal(world.orphaned, 0);
    watch.connected();
    assert.equal(clock.pendingCount, 0);
  });

  it("stops looking when told to", () => {
    const { clock, world, watch } = setUp();
    watch.stop();
    watch.disconnected();
    world.parent = 1;
    clock.advance(1000);
    assert.equal(world.orphaned, 0);
  });
});
