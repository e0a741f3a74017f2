import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HpackError } from "./hpack-error.ts";
import { readInteger, writeInteger } from "./integer.ts";

function write(prefixBits: number, value: number): number[] {
  const target = new Uint8Array(8);
  return [...target.subarray(0, writeInteger(target, 0, prefixBits, 0, value))];
}

function read(bytes: number[], prefixBits: number): number {
  return readInteger({ bytes: Uint8Array.from(bytes), position: 0, end: bytes.length }, prefixBits);
}

test("the examples of RFC 7541 C.1 are written and read", () => {
  assert.deepEqual(write(5, 10), [0x0a]);
  assert.deepEqual(write(5, 1337), [0x1f, 0x9a, 0x0a]);
  assert.deepEqual(write(8, 42), [0x2a]);
  assert.equal(read([0x1f, 0x9a, 0x0a], 5), 1337);
});

test("what is written is read again, whatever the prefix and the bits beside it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(2 ** 28), fc.nat(255), (prefixBits, value, other) => {
      const pattern = prefixBits === 8 ? 0 : (other << prefixBits) & 0xff;
      const target = new Uint8Array(8);
      const end = writeInteger(target, 0, prefixBits, pattern, value);
      const cursor = { bytes: target, position: 0, end };
      assert.equal(readInteger(cursor, prefixBits), value);
      assert.equal(cursor.position, end);
    }),
  );
});

test("an integer that is cut off or that never ends is refused", () => {
  assert.throws(() => read([], 5), HpackError);
  assert.throws(() => read([0x1f], 5), HpackError);
  assert.throws(() => read([0x1f, 0x80, 0x80], 5), HpackError);
  assert.throws(() => read([0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], 5), HpackError);
});
