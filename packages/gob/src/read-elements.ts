import { toFault } from "./fault.ts";
import { type Reader, starved } from "./reader.ts";
import { wrongArrayLength } from "./skip.ts";

type Read = (r: Reader) => unknown;

/**
 * Reads a slice, or an array of `length`. The list grows with what is decoded, never with what is
 * announced.
 */
export function elementsReader(read: Read, length: number | undefined, spread: boolean): Read {
  return (r) => {
    r.enter();
    const count = r.count(1, spread);
    if (length !== undefined && count !== length) throw wrongArrayLength(r, length, count);
    const list: unknown[] = [];
    readAll(r, list, count, read);
    r.leave();
    return list;
  };
}

function readAll(r: Reader, list: unknown[], count: number, read: Read): void {
  try {
    for (let i = 0; i < count; i++) list.push(read(r));
  } catch (thrown) {
    if (thrown === starved) throw thrown;
    throw toFault(thrown).within(`[${list.length}]`);
  }
}

/** Reads a map, as a Map or as an object without prototype. */
export function mapReader(readKey: Read, readElement: Read, asRecord: boolean, spread: boolean): Read {
  return (r) => {
    r.enter();
    const count = r.count(2, spread);
    const map = asRecord ? readRecord(r, count, readKey, readElement) : new Map<unknown, unknown>();
    if (map instanceof Map) readEntries(r, count, readKey, readElement, (key, value) => map.set(key, value));
    r.leave();
    return map;
  };
}

function readRecord(r: Reader, count: number, readKey: Read, readElement: Read): object {
  const record: Record<string, unknown> = Object.create(null);
  readEntries(r, count, readKey, readElement, (key, value) => {
    record[key as string] = value;
  });
  return record;
}

function readEntries(
  r: Reader,
  count: number,
  readKey: Read,
  readElement: Read,
  add: (key: unknown, value: unknown) => void,
): void {
  let at = 0;
  try {
    for (; at < count; at++) add(readKey(r), readElement(r));
  } catch (thrown) {
    if (thrown === starved) throw thrown;
    throw toFault(thrown).within(`[entry ${at}]`);
  }
}
