import type { Entry, LocalFileHeader } from "yauzl";
import { badArchive, quote, unsafeEntry } from "../archive-failure.ts";

/** An entry of a zip archive whose two headers agree. */
export interface ZipEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  readonly executable: boolean;
  readonly deflated: boolean;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Where its header begins and its data ends, in bytes of the archive. */
  readonly start: number;
  readonly end: number;
  /** True where a data descriptor of up to 24 bytes may follow the data. */
  readonly described: boolean;
  readonly raw: Entry;
}

const flag = { encrypted: 0x1, described: 0x8, patched: 0x20, utf8: 0x800, masked: 0x2000 } as const;
const method = { stored: 0, deflated: 8 } as const;

/** Checks an entry's record in the directory against the header before its data (APPNOTE 4.3.7, 4.3.12). */
export function checkedEntry(entry: Entry, local: LocalFileHeader): ZipEntry {
  const flags = entry.generalPurposeBitFlag;
  const name = decodeName(entry.fileNameRaw, flags);
  if ((flags & (flag.encrypted | flag.masked)) !== 0) throw unsafeEntry(name, "is encrypted");
  if ((flags & flag.patched) !== 0) throw badArchive(`${quote(name)} is patched data`);
  if (!Object.values<number>(method).includes(entry.compressionMethod)) {
    throw badArchive(`${quote(name)} is compressed by the unknown method ${entry.compressionMethod}`);
  }
  checkLocalHeader(name, entry, local);
  const kind = entryKind(name, entry);
  return {
    name,
    kind,
    executable: (unixMode(entry) & 0o111) !== 0,
    deflated: entry.compressionMethod === method.deflated,
    crc32: entry.crc32,
    compressedBytes: entry.compressedSize,
    sizeBytes: entry.uncompressedSize,
    start: entry.relativeOffsetOfLocalHeader,
    end: local.fileDataStart + entry.compressedSize,
    described: (flags & flag.described) !== 0,
    raw: entry,
  };
}

// A program that reads from the front sees the one, a program that reads the directory sees the other.
function checkLocalHeader(name: string, entry: Entry, local: LocalFileHeader): void {
  const differs = (what: string) =>
    unsafeEntry(name, `has another ${what} before its data than in the directory`);
  if (!local.fileName.equals(entry.fileNameRaw)) throw differs("name");
  if (local.compressionMethod !== entry.compressionMethod) throw differs("compression method");
  if (local.generalPurposeBitFlag !== entry.generalPurposeBitFlag) throw differs("set of flags");
  // With a descriptor the three are zero here, and follow the data.
  const unsaid = (entry.generalPurposeBitFlag & flag.described) !== 0;
  const agree = (here: number, there: number) =>
    here === there || (unsaid && here === 0) || here === 0xffffffff;
  if (!agree(local.crc32, entry.crc32)) throw differs("checksum");
  if (!agree(local.compressedSize, entry.compressedSize)) throw differs("compressed size");
  if (!agree(local.uncompressedSize, entry.uncompressedSize)) throw differs("size");
}

const fileType = { mask: 0o170000, folder: 0o040000, file: 0o100000, link: 0o120000 } as const;

function entryKind(name: string, entry: Entry): "file" | "folder" {
  const type = unixMode(entry) & fileType.mask;
  if (type === fileType.link) throw unsafeEntry(name, "is a symbolic link, and links are not unpacked");
  if (type !== 0 && type !== fileType.folder && type !== fileType.file) {
    throw unsafeEntry(name, "is a device, a FIFO or a socket");
  }
  const named = name.endsWith("/") ? "folder" : "file";
  if (type !== 0 && (type === fileType.folder) !== (named === "folder")) {
    throw unsafeEntry(name, "is a folder by its name or by its mode, but not by both");
  }
  if (named === "folder" && entry.uncompressedSize > 0)
    throw unsafeEntry(name, "is a folder with bytes of its own");
  return named;
}

// The upper half of the attributes, where the maker was Unix or macOS; others leave it empty.
function unixMode(entry: Entry): number {
  const maker = entry.versionMadeBy >>> 8;
  return maker === 3 || maker === 19 ? entry.externalFileAttributes >>> 16 : 0;
}

/** Without the flag for UTF-8 a name is in the code page of its maker, which ASCII alone is the same in. */
function decodeName(raw: Buffer, flags: number): string {
  if ((flags & flag.utf8) === 0 && raw.some((byte) => byte >= 0x80)) {
    throw unsafeEntry(raw.toString("latin1"), "has letters in its name, and does not say in which encoding");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch (error) {
    throw badArchive("a name in it is no UTF-8", error);
  }
}
