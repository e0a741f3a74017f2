import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ByteStream, memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { readHead } from "./read-head.ts";

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const [near, far] = memoryPair();
  const clock = new ManualClock();
  const reading = readHead(far, 2, clock, 1_000);
  return { near, clock, reading };
}

/** Starts a stream; what it delivers, in words, as it comes. */
function record(stream: ByteStream): string[] {
  const events: string[] = [];
  stream.start({
    onData: (chunk) => events.push([...chunk].join(" ")),
    onEnd: () => events.push("end"),
    onDrain: () => {},
    onClose: (error) => events.push(error === undefined ? "closed" : "lost"),
  });
  return events;
}

describe("the first bytes of a stream", () => {
  it("are read from any pieces, and the rest is given on in order once somebody starts it", async () => {
    const { near, clock, reading } = setUp();
    near.write(Uint8Array.of(1));
    await settle();
    near.write(Uint8Array.of(2, 3));
    near.write(Uint8Array.of(4));
    near.end();
    const result = await reading;
    assert.ok("head" in result);
    assert.deepEqual([...result.head], [1, 2]);
    await settle();
    const events = record(result.stream);
    assert.deepEqual(events, [], "nothing during start");
    await settle();
    assert.deepEqual(events, ["3", "4", "end"]);
    assert.equal(clock.pendingCount, 0);
  });

  it("are followed by nothing while the rest is paused", async () => {
    const { near, reading } = setUp();
    near.write(Uint8Array.of(1, 2, 3));
    const result = await reading;
    assert.ok("head" in result);
    const events = record(result.stream);
    result.stream.pause();
    await settle();
    assert.deepEqual(events, []);
    result.stream.resume();
    await settle();
    assert.deepEqual(events, ["3"]);
    result.stream.destroy();
    await settle();
    assert.deepEqual(events, ["3", "closed"]);
  });

  it("that do not come in time, or are cut off, are a failure", async () => {
    const late = setUp();
    late.clock.advance(1_000);
    assert.deepEqual(await late.reading, { reason: "timeout" });
    const cut = setUp();
    cut.near.write(Uint8Array.of(1));
    cut.near.end();
    assert.deepEqual(await cut.reading, { reason: "closed", error: undefined });
    assert.equal(cut.clock.pendingCount, 0);
  });

  it("can be started only once", async () => {
    const { near, reading } = setUp();
    near.write(Uint8Array.of(1, 2));
    const result = await reading;
    assert.ok("head" in result);
    record(result.stream);
    assert.throws(() => record(result.stream), /only once/);
  });
});
