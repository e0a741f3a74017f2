import { badArchive, quote } from "../archive-failure.ts";
import { utf8 } from "./tar-header.ts";

/**
 * The records of a pax extended header (POSIX 1003.1, "pax Header Block"): `LENGTH KEY=VALUE\n`, one after the
 * other. Each key once: which of two counts is a matter of the program.
 */
export function readPaxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < bytes.length; ) {
    const space = bytes.indexOf(0x20, offset);
    const length = space < 0 ? "" : Buffer.from(bytes.subarray(offset, space)).toString("latin1");
    const end = offset + Number(length);
    if (
      !/^[1-9][0-9]{0,6}$/.test(length) ||
      end > bytes.length ||
      end <= space + 1 ||
      bytes[end - 1] !== 0x0a
    ) {
      throw badArchive("a record of a pax header is not as long as it says");
    }
    const record = utf8(bytes.subarray(space + 1, end - 1));
    const equals = record.indexOf("=");
    if (equals < 1) throw badArchive("a record of a pax header has no key");
    const key = record.slice(0, equals);
    if (records.has(key)) throw badArchive(`a pax header says ${quote(key)} twice`);
    records.set(key, record.slice(equals + 1));
    offset = end;
  }
  return records;
}
