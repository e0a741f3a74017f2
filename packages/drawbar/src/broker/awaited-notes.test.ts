import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { AwaitedNotes, brokerTimeoutMs } from "./awaited-notes.ts";

describe("notes and those who wait for them", () => {
  it("meet whichever comes first", async () => {
    const notes = new AwaitedNotes<string>(new ManualClock());
    assert.ok(notes.put(1, "early"));
    assert.equal(await notes.take(1, "late"), "early");
    const waiting = notes.take(2, "late");
    assert.ok(notes.put(2, "awaited"));
    assert.equal(await waiting, "awaited");
    assert.equal(notes.size, 0);
  });

  it("are given up after five seconds, and nothing is held for a peer that never comes", async () => {
    const clock = new ManualClock();
    const notes = new AwaitedNotes<string>(clock);
    notes.put(1, "unclaimed");
    const waiting = assert.rejects(notes.take(2, "timeout waiting for connection info"), {
      code: "broker-timeout",
      message: "timeout waiting for connection info",
    });
    clock.advance(brokerTimeoutMs);
    await waiting;
    assert.equal(notes.size, 0);
    assert.equal(clock.pendingCount, 0);
  });

  it("drops a second note for a number, and those beyond the bound", () => {
    const notes = new AwaitedNotes<number>(new ManualClock());
    assert.ok(notes.put(1, 1));
    assert.equal(notes.put(1, 2), false);
    for (let id = 2; id <= 4096; id++) assert.ok(notes.put(id, id));
    assert.equal(notes.put(4097, 4097), false);
  });

  it("refuses two waiters for one number", async () => {
    const clock = new ManualClock();
    const notes = new AwaitedNotes<string>(clock);
    const first = notes.take(7, "late");
    await assert.rejects(notes.take(7, "late"), { code: "broker-id-in-use" });
    notes.put(7, "note");
    assert.equal(await first, "note");
  });

  it("can be told not to wait for one number any longer", async () => {
    const clock = new ManualClock();
    const notes = new AwaitedNotes<string>(clock);
    const waiting = assert.rejects(notes.take(1, "late"), /no longer/);
    notes.abandon(1, new Error("no longer wanted"));
    await waiting;
    assert.equal(notes.size, 0);
    assert.equal(clock.pendingCount, 0);
  });

  it("hands back each note that nobody took", () => {
    const clock = new ManualClock();
    const discarded: string[] = [];
    const notes = new AwaitedNotes<string>(clock, (note) => discarded.push(note));
    notes.put(1, "expired");
    clock.advance(brokerTimeoutMs);
    notes.put(2, "left");
    notes.close(new Error("closed"));
    assert.deepEqual(discarded, ["expired", "left"]);
  });

  it("fails every waiter when closed, and leaves no timer", async () => {
    const clock = new ManualClock();
    const notes = new AwaitedNotes<string>(clock);
    notes.put(1, "unclaimed");
    const waiting = assert.rejects(notes.take(2, "late"), /broker closed/);
    notes.close(new Error("broker closed"));
    await waiting;
    assert.equal(clock.pendingCount, 0);
  });
});
