import { badArchive, quote, unsafeEntry } from "../archive-failure.ts";
import { readPaxRecords } from "./pax-records.ts";
import { type TarHeader, utf8 } from "./tar-header.ts";

/** The longest extended header: far more than the longest path that is accepted. */
export const maxExtensionBytes: number = 64 * 1024;

/** What headers before an entry's own say of it. */
export interface Extension {
  readonly name?: string;
  readonly sizeBytes?: number;
}

const extensionTypes: ReadonlySet<string> = new Set(["x", "g", "L", "K"]);

/** True for a header that is no entry, but says something of the next. */
export function isExtension(header: TarHeader): boolean {
  return extensionTypes.has(header.type);
}

/** Reads what an extended header holds. */
export function readExtension(header: TarHeader, content: Uint8Array): Extension {
  switch (header.type) {
    case "L":
      return { name: utf8(withoutNul(content)) };
    case "K":
      throw unsafeEntry(utf8(withoutNul(content)), "is the target of a link, and links are not unpacked");
    case "g":
      return globalExtension(readPaxRecords(content));
    default:
      return paxExtension(readPaxRecords(content));
  }
}

/** Both of two extensions, which must not say the same thing twice. */
export function joinExtensions(earlier: Extension, later: Extension): Extension {
  for (const key of ["name", "sizeBytes"] as const) {
    if (earlier[key] !== undefined && later[key] !== undefined)
      throw badArchive(`an entry's ${key} is said twice`);
  }
  return { ...earlier, ...later };
}

function paxExtension(records: ReadonlyMap<string, string>): Extension {
  for (const key of records.keys()) {
    if (key.startsWith("GNU.sparse."))
      throw unsafeEntry(records.get("GNU.sparse.name") ?? key, "is a sparse file");
  }
  const charset = records.get("hdrcharset");
  if (charset !== undefined && charset !== "ISO-IR 10646 2000 UTF-8") {
    throw badArchive(`a pax header is written in ${quote(charset)}`);
  }
  const linkPath = records.get("linkpath");
  if (linkPath !== undefined)
    throw unsafeEntry(linkPath, "is the target of a link, and links are not unpacked");
  const name = records.get("path");
  const size = records.get("size");
  if (size !== undefined && !/^[0-9]{1,15}$/.test(size))
    throw badArchive(`a pax header says size ${quote(size)}`);
  return { ...(name !== undefined && { name }), ...(size !== undefined && { sizeBytes: Number(size) }) };
}

// `git archive` writes the commit into one. Nothing that holds for all entries may name or measure them.
function globalExtension(records: ReadonlyMap<string, string>): Extension {
  const extension = paxExtension(records);
  if (extension.name !== undefined || extension.sizeBytes !== undefined) {
    throw unsafeEntry(extension.name ?? "size", "is said of all entries at once");
  }
  return {};
}

function withoutNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
