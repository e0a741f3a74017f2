import assert from "node:assert/strict";
import { test } from "node:test";
import { readUint32, writeHeader } from "./frame.ts";

test("a header is big-endian: version, type, flags, stream id, length", () => {
  const bytes = new Uint8Array(14);
  writeHeader(bytes, 1, 1, 0x0102, 0x03040506, 0xf7f8f9fa);
  assert.deepEqual([...bytes], [0, 0, 1, 1, 2, 3, 4, 5, 6, 0xf7, 0xf8, 0xf9, 0xfa, 0]);
});

test("32-bit numbers are unsigned", () => {
  assert.equal(readUint32(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff), 1), 0xffff_ffff);
});
