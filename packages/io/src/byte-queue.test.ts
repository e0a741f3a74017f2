import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteQueue } from "./byte-queue.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test("hands back the chunk itself while nothing is kept", () => {
  const queue = new ByteQueue();
  const chunk = bytes(1, 2, 3);
  assert.equal(queue.push(chunk), chunk);
  queue.keep(chunk, 3);
  assert.equal(queue.length, 0);
  assert.equal(queue.push(chunk), chunk);
});

test("puts the kept rest in front of the next chunk", () => {
  const queue = new ByteQueue();
  queue.keep(queue.push(bytes(1, 2, 3)), 1);
  assert.equal(queue.length, 2);
  assert.deepEqual([...queue.push(bytes(4))], [2, 3, 4]);
});

test("what it keeps is a copy: the chunk's buffer may be used again", () => {
  const queue = new ByteQueue();
  const chunk = bytes(1, 2);
  queue.keep(queue.push(chunk), 0);
  chunk.fill(9);
  assert.deepEqual([...queue.push(bytes(3))], [1, 2, 3]);
});

test("lets a large buffer go once the unit that needed it is used", () => {
  const queue = new ByteQueue();
  queue.keep(queue.push(bytes(1)), 0, 1 << 20);
  const large = queue.push(bytes(2));
  assert.equal(large.buffer.byteLength, 1 << 20);
  queue.keep(large, 2);
  queue.keep(queue.push(bytes(3)), 0);
  assert.equal(queue.push(bytes(4)).buffer.byteLength < 1 << 20, true);
});

test("a decoder sees every byte once and in order, however the input is cut", () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 30 }), fc.integer({ min: 1, max: 17 }), (chunks, unit) => {
      const queue = new ByteQueue();
      const seen: number[] = [];
      for (const each of chunks) {
        // Takes whole units only and keeps the rest, as a decoder of fixed-size frames would.
        const available = queue.push(each);
        const used = available.length - (available.length % unit);
        seen.push(...available.subarray(0, used));
        queue.keep(available, used, unit);
      }
      const all = chunks.flatMap((each) => [...each]);
      assert.deepEqual(seen, all.slice(0, all.length - queue.length));
      assert.equal(queue.length, all.length % unit);
    }),
  );
});
