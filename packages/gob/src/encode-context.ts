import { Fault } from "./fault.ts";
import type { RegisteredTypes } from "./schema.ts";
import type { TypeTable } from "./type-table.ts";
import type { Writer } from "./writer.ts";

/** What an encode works with besides the bytes. */
export interface EncodeContext {
  readonly types: TypeTable;
  readonly registry: RegisteredTypes;
  readonly maxDepth: number;
  depth: number;
}

/** Writes a value, zero or not. */
export type WriteOp = (w: Writer, value: unknown, context: EncodeContext) => void;

/** How a node is encoded: compiled once per schema, for all encoders. */
export interface EncodeOp {
  readonly write: WriteOp;
  /** Whether a struct field with this value is not sent. */
  readonly omits: (value: unknown) => boolean;
}

/** One level deeper; `depth` goes back by one on the way out, or to zero with the next encode. */
export function enter(context: EncodeContext): void {
  if (++context.depth > context.maxDepth) {
    throw new Fault("gob-limit", `nested deeper than ${context.maxDepth} (maxDepth), or contains itself`);
  }
}

/** The fault of a value that is not of the type its schema says. */
export function wrongType(expected: string, value: unknown): Fault {
  const actual = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return new Fault("gob-value", `expected ${expected}, got ${actual}`);
}
