import { badArchive, quote, unsafeEntry } from "../archive-failure.ts";

export const tarBlockBytes = 512;

/** The fields of a tar header (POSIX 1003.1, ustar; and GNU's) that say what follows. */
export interface TarHeader {
  readonly name: string;
  /** One character, `0` where the field is NUL. */
  readonly type: string;
  readonly mode: number;
  readonly sizeBytes: number;
}

/** Reads a header; undefined for a block of zeros, which stands at an archive's end. */
export function readTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const magic = ascii(block, 257, 8);
  if (!magic.startsWith("ustar")) throw badArchive("it is no tar archive (a header without ustar)");
  if (octal(block, 148, 8) !== checksum(block)) throw badArchive("the checksum of a tar header is wrong");
  const name = text(block, 0, 100);
  // GNU's own format (`ustar  `) has other things where ustar has the beginning of a long path.
  const prefix = magic.startsWith("ustar\0") ? text(block, 345, 155) : "";
  const type = ascii(block, 156, 1).replace("\0", "0");
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type,
    mode: octal(block, 100, 8),
    sizeBytes: size(block, name),
  };
}

// The sum of all bytes, with the checksum's own taken for spaces.
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < tarBlockBytes; index++) {
    if (index < 148 || index >= 156) sum += block[index] ?? 0;
  }
  return sum;
}

function size(block: Uint8Array, name: string): number {
  const [first = 0] = block.subarray(124);
  if ((first & 0x80) === 0) return octal(block, 124, 12);
  // GNU's base-256, for files of 8 GiB and more. A set sign bit would make it negative.
  if (first !== 0x80) throw unsafeEntry(name, "has a size that is no size");
  let bytes = 0;
  for (const byte of block.subarray(125, 136)) bytes = bytes * 256 + byte;
  if (!Number.isSafeInteger(bytes)) throw unsafeEntry(name, "has a size that is no size");
  return bytes;
}

function octal(block: Uint8Array, offset: number, length: number): number {
  const digits = ascii(block, offset, length)
    .replace(/[\0 ]+$/, "")
    .trimStart();
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw badArchive(`a tar header has ${quote(digits)} for a number`);
  return Number.parseInt(digits, 8);
}

function ascii(block: Uint8Array, offset: number, length: number): string {
  return Buffer.from(block.buffer, block.byteOffset + offset, length).toString("latin1");
}

function text(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return utf8(end < 0 ? field : field.subarray(0, end));
}

/** Text of a tar archive; what is no UTF-8 would get a name of the system's choice. */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw badArchive("a name in it is no UTF-8", error);
  }
}
