import type { PlanCache } from "./plan-cache.ts";
import { type Reader, starved } from "./reader.ts";
import type { RegisteredTypes } from "./schema.ts";
import type { StreamTypes } from "./stream-types.ts";

/** What decoding a value works with besides the bytes. */
export interface DecodeStream {
  readonly types: StreamTypes;
  readonly plans: PlanCache;
  readonly registry: RegisteredTypes;
  /** What an interface value with an unregistered name is: an error, or decoded by its wire type. */
  readonly unregistered: "fail" | "decode";
}

// Go's own limit for names of types in interfaces.
const maxTypeNameBytes = 1024;

/** The name before an interface value; empty for nil. */
export function readTypeName(r: Reader): string {
  const name = r.string();
  if (name.length > maxTypeNameBytes) {
    throw r.fault("gob-limit", `a type name of ${name.length} bytes, at most ${maxTypeNameBytes} are taken`);
  }
  return name;
}

/**
 * The type id of the value in an interface, after the type definitions that may stand before it. Those
 * end the message they are in; the rest follows in the next one.
 */
export function readInterfaceTypeId(r: Reader, types: StreamTypes): number {
  for (;;) {
    if (r.left === 0 && !r.nextMessage()) throw starved;
    const id = r.int();
    if (id >= 0) return id;
    types.define(r, -id);
    // Nested in another interface value, messages are not the stream's own: their lengths stand here.
    if (r.left > 0) r.uint();
  }
}

/** Passes the zero that marks a value which is not a struct, at the top or in an interface. */
export function readSingletonMark(r: Reader): void {
  if (r.uint() !== 0)
    throw r.fault("gob-corrupt", "a value that is not a struct must begin with a zero byte");
}
