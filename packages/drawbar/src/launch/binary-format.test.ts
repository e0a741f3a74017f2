import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isForeignBinary, readBinaryFormat } from "./binary-format.ts";

function head(values: readonly (readonly [offset: number, bytes: readonly number[]])[]): Buffer {
  const bytes = Buffer.alloc(128);
  for (const [offset, part] of values) bytes.set(part, offset);
  return bytes;
}

const elfArm64 = head([
  [0, [0x7f, 0x45, 0x4c, 0x46, 2, 1]],
  [18, [183, 0]],
]);
const machoX64 = head([
  [0, [0xcf, 0xfa, 0xed, 0xfe]],
  [4, [7, 0, 0, 1]],
]);
const peX64 = head([
  [0, [0x4d, 0x5a]],
  [60, [64, 0, 0, 0]],
  [64, [0x50, 0x45, 0, 0, 0x64, 0x86]],
]);

describe("the format of an executable", () => {
  it("is read from its first bytes", () => {
    assert.deepEqual(readBinaryFormat(elfArm64), { kind: "ELF", architecture: "arm64" });
    assert.deepEqual(readBinaryFormat(machoX64), { kind: "MachO", architecture: "x64" });
    assert.deepEqual(readBinaryFormat(peX64), { kind: "PE", architecture: "x64" });
    assert.deepEqual(readBinaryFormat(Buffer.from("#! /usr/bin/env node\n")), {
      kind: "script",
      interpreter: "/usr/bin/env",
    });
    assert.deepEqual(readBinaryFormat(Buffer.from("")), { kind: "unknown" });
    assert.deepEqual(readBinaryFormat(Buffer.from("MZ")), { kind: "unknown" });
  });

  it("is foreign when the machine or the system differs", () => {
    assert.ok(isForeignBinary(readBinaryFormat(elfArm64), "linux", "x64"));
    assert.ok(!isForeignBinary(readBinaryFormat(elfArm64), "linux", "arm64"));
    assert.ok(isForeignBinary(readBinaryFormat(machoX64), "linux", "x64"));
    assert.ok(!isForeignBinary(readBinaryFormat(machoX64), "darwin", "x64"));
    assert.ok(!isForeignBinary({ kind: "unknown" }, "linux", "x64"));
  });
});
