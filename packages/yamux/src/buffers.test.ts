import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ReceiveBuffer } from "./receive-buffer.ts";
import { SendQueue } from "./send-queue.ts";

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2_000 }));

test("a ReceiveBuffer gives back what was appended, in order, whenever it is asked", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), fc.constant("take" as const))),
      (steps) => {
        const buffer = new ReceiveBuffer();
        const appended: number[] = [];
        const taken: number[] = [];
        for (const step of steps) {
          if (step === "take") taken.push(...(buffer.take() ?? []));
          else {
            appended.push(...step);
            buffer.append(step);
          }
          assert.equal(buffer.length, appended.length - taken.length);
        }
        for (let piece = buffer.take(); piece !== undefined; piece = buffer.take()) taken.push(...piece);
        assert.deepEqual(taken, appended);
      },
    ),
  );
});

test("a ReceiveBuffer puts tiny pieces together: 256 KiB in single bytes are a few blocks", () => {
  const buffer = new ReceiveBuffer();
  const piece = Uint8Array.of(1);
  for (let i = 0; i < 256 * 1024; i++) buffer.append(piece);
  let blocks = 0;
  let heldBytes = 0;
  for (let block = buffer.take(); block !== undefined; block = buffer.take()) {
    blocks++;
    heldBytes += block.buffer.byteLength;
  }
  assert.ok(blocks <= 12, `${blocks} blocks`);
  assert.ok(heldBytes <= 2 * 256 * 1024, `${heldBytes} bytes`);
});

test("a ReceiveBuffer copies: the piece may change afterwards", () => {
  const buffer = new ReceiveBuffer();
  const piece = Uint8Array.of(1);
  buffer.append(piece);
  piece[0] = 2;
  assert.deepEqual(buffer.take(), Uint8Array.of(1));
});

test("a SendQueue gives back what was pushed, in pieces no longer than asked, without copying", () => {
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 3_000 }), (list, maxBytes) => {
      const queue = new SendQueue();
      for (const chunk of list) queue.push(chunk);
      const taken: number[] = [];
      while (queue.length > 0) {
        const piece = queue.take(maxBytes);
        assert.ok(piece.length > 0 && piece.length <= maxBytes);
        assert.ok(list.some((chunk) => chunk.buffer === piece.buffer));
        taken.push(...piece);
      }
      assert.deepEqual(
        taken,
        list.flatMap((chunk) => [...chunk]),
      );
    }),
  );
});

test("a cleared SendQueue is empty and usable", () => {
  const queue = new SendQueue();
  queue.push(Uint8Array.of(1, 2));
  queue.take(1);
  queue.clear();
  assert.equal(queue.length, 0);
  queue.push(Uint8Array.of(3));
  assert.deepEqual(queue.take(9), Uint8Array.of(3));
});
