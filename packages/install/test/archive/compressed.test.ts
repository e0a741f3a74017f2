import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { InstallError, type InstallErrorCode, type UnpackLimits } from "@drawbar/install";
import { archiveBytes, compressedPrograms, hostileCompressed } from "./made-archives.ts";
import { tar } from "./tar-bytes.ts";
import { scratch } from "./unpack-in-scratch.ts";
import { zip } from "./zip-bytes.ts";

interface Refused {
  readonly what: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly code: InstallErrorCode;
  readonly message: RegExp;
  readonly limits?: Partial<UnpackLimits>;
}

const zeros = Buffer.alloc(20 * 2 ** 20);
const small = tar({ name: "a", content: "x".repeat(4000) }, { name: "b" }, { name: "c" });

const refused: readonly Refused[] = [
  ...hostileCompressed.map((made) => ({ ...made, bytes: archiveBytes(made) })),
  ...compressedPrograms.map(({ fileName, base64 }) => ({
    what: "bytes behind its data",
    fileName,
    bytes: Buffer.concat([Buffer.from(base64, "base64"), Buffer.from("more bytes")]),
    code: "bad-archive" as const,
    message: /follow|damaged|incorrect header/,
  })),
  ...compressedPrograms.map(({ fileName, base64 }) => ({
    what: "its end cut off",
    fileName,
    bytes: Buffer.from(base64, "base64").subarray(0, -3),
    code: "bad-archive" as const,
    message: /cut|unexpected end/,
  })),
  {
    what: "20 MiB of zeros",
    fileName: "bomb.tar.gz",
    bytes: gzipSync(tar({ name: "x", content: zeros })),
    code: "too-large",
    message: /more than 200 times its size/,
  },
  {
    what: "20 MiB of zeros that it admits",
    fileName: "bomb.zip",
    bytes: zip([{ name: "x", content: zeros }]),
    code: "too-large",
    message: /more than 200 times its size/,
  },
  {
    what: "20 MiB of zeros that it denies",
    fileName: "bomb.zip",
    bytes: zip([{ name: "x", content: zeros, declaredBytes: 1000 }]),
    code: "unsafe-archive",
    message: /more than the 1000 bytes it declares/,
  },
  {
    what: "many members that are small each",
    fileName: "bomb.gz",
    bytes: Buffer.concat(Array<Buffer>(40).fill(gzipSync(Buffer.alloc(2 ** 20)))),
    code: "too-large",
    message: /more than 200 times its size/,
  },
  {
    what: "runs of zeros without end in zstd blocks",
    fileName: "bomb.zst",
    bytes: zstdRuns(3000),
    code: "too-large",
    message: /more than 200 times its size/,
  },
  {
    what: "a zstd window of 2 GiB",
    fileName: "x.zst",
    bytes: Buffer.from("28b52ffd00a8010000", "hex"),
    code: "too-large",
    message: /zstd window of 2147483648 bytes/,
  },
  {
    what: "a zstd dictionary",
    fileName: "x.zst",
    bytes: Buffer.from("28b52ffd210100010000", "hex"),
    code: "bad-archive",
    message: /needs a dictionary/,
  },
  {
    what: "padding that never ends",
    fileName: "x.tar.gz",
    bytes: gzipSync(Buffer.concat([tar({ name: "x" }), zeros])),
    code: "too-large",
    message: /more than 200 times/,
  },
  {
    what: "a second gzip within",
    fileName: "x.tar.gz",
    bytes: gzipSync(gzipSync(small)),
    code: "bad-archive",
    message: /cut|no tar/,
  },
  {
    what: "a wrong CRC",
    fileName: "x.gz",
    bytes: spoiled(gzipSync("x"), -8),
    code: "bad-archive",
    message: /data check/,
  },
  {
    what: "too many entries",
    fileName: "x.tar",
    bytes: small,
    code: "too-large",
    message: /more than 2 entries/,
    limits: { maxEntries: 2 },
  },
  {
    what: "too many entries",
    fileName: "x.zip",
    bytes: zip([{ name: "a" }, { name: "b" }, { name: "c" }]),
    code: "too-large",
    message: /more than 2 entries/,
    limits: { maxEntries: 2 },
  },
  {
    what: "too large a file",
    fileName: "x.tar",
    bytes: small,
    code: "too-large",
    message: /"a" of more than 3999 bytes/,
    limits: { maxFileBytes: 3999 },
  },
  {
    what: "too large a file",
    fileName: "x.zip",
    bytes: zip([{ name: "a", content: "abc" }]),
    code: "too-large",
    message: /"a" of more than 2 bytes/,
    limits: { maxFileBytes: 2 },
  },
  {
    what: "too large a program",
    fileName: "x.gz",
    bytes: gzipSync("abc"),
    code: "too-large",
    message: /of more than 2 bytes/,
    limits: { maxFileBytes: 2 },
  },
  {
    what: "too much in all",
    fileName: "x.tar",
    bytes: small,
    code: "too-large",
    message: /more than 6000 bytes/,
    limits: { maxTotalBytes: 6000 },
  },
  {
    what: "too many headers",
    fileName: "x.tar",
    bytes: tar(...Array(7).fill({ name: "././@LongLink", type: "g" }), { name: "x" }),
    code: "too-large",
    message: /too many headers/,
    limits: { maxEntries: 2 },
  },
  {
    what: "the bytes of a gzip",
    fileName: "x.zip",
    bytes: gzipSync("x"),
    code: "bad-archive",
    message: /name says zip, its first bytes say gz/,
  },
  {
    what: "the bytes of a program",
    fileName: "x.tar.gz",
    bytes: Buffer.from("\x7fELF"),
    code: "bad-archive",
    message: /name says gz, its first bytes say no archive/,
  },
  {
    what: "the bytes of a zip",
    fileName: "plugin",
    bytes: zip([{ name: "x" }]),
    code: "bad-archive",
    message: /name says no archive, its first bytes say zip/,
  },
  {
    what: "no bytes",
    fileName: "x.zip",
    bytes: Buffer.alloc(0),
    code: "bad-archive",
    message: /say no archive/,
  },
];

for (const { what, fileName, bytes, code, message, limits } of refused) {
  test(`refuses ${fileName} with ${what}, and leaves nothing`, async () => {
    await using place = await scratch();
    await assert.rejects(place.unpack(fileName, bytes, limits), (error) => {
      assert.ok(error instanceof InstallError, String(error));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
    await place.assertUntouched();
  });
}

// A header without size or checksum and a window of 1 KiB, then blocks of one byte that stand for 128 KiB.
function zstdRuns(blocks: number): Buffer {
  const block = Buffer.alloc(4);
  block.writeUIntLE((131072 << 3) | 0b010, 0, 3);
  return Buffer.concat([Buffer.from("28b52ffd0038", "hex"), ...Array<Buffer>(blocks).fill(block)]);
}

function spoiled(bytes: Buffer, at: number): Buffer {
  const index = bytes.length + at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  return bytes;
}
