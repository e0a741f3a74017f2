import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { writePrefix } from "../codec/message-prefix.ts";
import { type InboundOwner, InboundStream } from "./inbound-stream.ts";

function frame(size: number): Uint8Array {
  const bytes = new Uint8Array(5 + size);
  writePrefix(bytes, false);
  return bytes;
}

class Owner implements InboundOwner<number> {
  credit = 0;
  abandoned = 0;
  decodeMessage(_: Uint8Array, start: number, end: number): number {
    return end - start;
  }
  giveCredit(byteCount: number): void {
    this.credit += byteCount;
  }
  onAbandoned(): void {
    this.abandoned++;
  }
}

function open(): { owner: Owner; stream: InboundStream<number> } {
  const owner = new Owner();
  return { owner, stream: new InboundStream(owner, { bytes: 1_000_000, option: "x" }) };
}

describe("InboundStream", () => {
  test("messages that nobody has taken earn the peer no credit", async () => {
    const { owner, stream } = open();
    for (let i = 0; i < 10; i++) stream.receive(frame(95));
    assert.equal(owner.credit, 0);
    assert.deepEqual(await stream.next(), { done: false, value: 95 });
    assert.equal(owner.credit, 100);
  });

  test("a message that is waited for is credited at once", async () => {
    const { owner, stream } = open();
    const next = stream.next();
    stream.receive(frame(95));
    assert.equal(owner.credit, 100);
    assert.deepEqual(await next, { done: false, value: 95 });
  });

  test("a message longer than the window gets in, because its beginning is credited while nothing waits", () => {
    const { owner, stream } = open();
    const bytes = frame(1000);
    stream.receive(bytes.subarray(0, 600));
    assert.equal(owner.credit, 600);
    stream.receive(bytes.subarray(600));
    assert.equal(owner.credit, 600);
    stream.receive(bytes.subarray(0, 600));
    assert.equal(owner.credit, 600);
  });

  test("thousands of messages come out in order and credited, taken as others still come", async () => {
    const { owner, stream } = open();
    const count = 10_000;
    for (let size = 0; size < count; size++) stream.receive(frame(size % 100));
    let credit = 0;
    for (let size = 0; size < 2 * count; size++) {
      if (size < count) stream.receive(frame((count + size) % 100));
      assert.deepEqual(await stream.next(), { done: false, value: size % 100 });
      credit += 5 + (size % 100);
      assert.equal(owner.credit, credit);
    }
  });

  test("credit never runs ahead of what came, comes in full once all is taken, and bounds what waits", async () => {
    const sizes = fc.array(fc.nat(400), { minLength: 1, maxLength: 30 });
    const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(sizes, cuts, fc.array(fc.nat(3)), async (messages, chunkSizes, pulls) => {
        const { owner, stream } = open();
        const bytes = Buffer.concat(messages.map(frame));
        const largest = Math.max(...messages) + 5;
        let received = 0;
        let taken = 0;
        for (let i = 0; received < bytes.length; i++) {
          const chunk = bytes.subarray(received, received + (chunkSizes[i % chunkSizes.length] ?? 1));
          received += chunk.length;
          stream.receive(chunk);
          for (let n = pulls[i] ?? 0; n > 0 && taken < completed(messages, received); n--) {
            assert.deepEqual(await stream.next(), { done: false, value: messages[taken++] });
          }
          const takenBytes = sum(messages.slice(0, taken));
          assert.ok(owner.credit <= received);
          assert.ok(
            owner.credit - takenBytes <= largest,
            "credited ahead of the reader by more than a message",
          );
        }
        while (taken < messages.length)
          assert.deepEqual(await stream.next(), { done: false, value: messages[taken++] });
        assert.equal(owner.credit, bytes.length);
      }),
    );
  });

  test("the end and an error come after the messages before them; an error comes once", async () => {
    const { stream } = open();
    stream.receive(frame(1));
    const failure = new Error("lost");
    stream.fail(failure, false);
    assert.deepEqual(await stream.next(), { done: false, value: 1 });
    await assert.rejects(stream.next(), failure);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });

  test("a failure of this side's will drops what waits", async () => {
    const { stream } = open();
    stream.receive(frame(1));
    stream.fail(new Error("cancelled"), true);
    await assert.rejects(stream.next(), { message: "cancelled" });
  });

  test("several readers that wait are served in order, and all end", async () => {
    const { stream } = open();
    const waiting = [stream.next(), stream.next(), stream.next()];
    stream.receive(frame(7));
    stream.finish();
    assert.deepEqual(await Promise.all(waiting), [
      { done: false, value: 7 },
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  test("leaving early tells the owner once, and what waits or still comes is credited and dropped", async () => {
    const { owner, stream } = open();
    stream.receive(frame(95));
    stream.receive(frame(95).subarray(0, 50));
    await stream.return();
    assert.equal(owner.abandoned, 1);
    assert.equal(owner.credit, 150);
    stream.receive(frame(10));
    assert.equal(owner.credit, 165);
    await stream.return();
    assert.equal(owner.abandoned, 1);
    assert.deepEqual(await stream.next(), { done: true, value: undefined });
  });
});

function completed(messages: readonly number[], received: number): number {
  let count = 0;
  for (let used = 0; count < messages.length; count++) {
    used += (messages[count] ?? 0) + 5;
    if (used > received) break;
  }
  return count;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size + 5, 0);
}
