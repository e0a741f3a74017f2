import { type Schema, schemaOf } from "./schema.ts";

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Go's `bool`. */
export const bool: Schema<boolean> = schemaOf({ kind: "bool" });

/** Go's `int`: 64 bits, held as a number. What is not a safe integer is an error, never rounded. */
export const int: Schema<number> = schemaOf({ kind: "int", bits: 64 });
/** Go's `int8`. */
export const int8: Schema<number> = schemaOf({ kind: "int", bits: 8 });
/** Go's `int16`. */
export const int16: Schema<number> = schemaOf({ kind: "int", bits: 16 });
/** Go's `int32` and `rune`. */
export const int32: Schema<number> = schemaOf({ kind: "int", bits: 32 });
/** Go's `int64`, held as a number like `int`; see `bigInt64`. */
export const int64: Schema<number> = schemaOf({ kind: "int", bits: 64 });
/** Go's `int` or `int64`, held as a bigint: all of its values. */
export const bigInt64: Schema<bigint, bigint | number> = schemaOf({ kind: "bigint", signed: true });

/** Go's `uint` and `uintptr`: 64 bits, held as a number. What is not a safe integer is an error. */
export const uint: Schema<number> = schemaOf({ kind: "uint", bits: 64 });
/** Go's `uint8` and `byte`. */
export const uint8: Schema<number> = schemaOf({ kind: "uint", bits: 8 });
/** Go's `uint16`. */
export const uint16: Schema<number> = schemaOf({ kind: "uint", bits: 16 });
/** Go's `uint32`. */
export const uint32: Schema<number> = schemaOf({ kind: "uint", bits: 32 });
/** Go's `uint64`, held as a number like `uint`; see `bigUint64`. */
export const uint64: Schema<number> = schemaOf({ kind: "uint", bits: 64 });
/** Go's `uint` or `uint64`, held as a bigint: all of its values. */
export const bigUint64: Schema<bigint, bigint | number> = schemaOf({ kind: "bigint", signed: false });

/** Go's `float32`. A number is rounded to the nearest; one beyond its range is an error. */
export const float32: Schema<number> = schemaOf({ kind: "float", bits: 32 });
/** Go's `float64`. */
export const float64: Schema<number> = schemaOf({ kind: "float", bits: 64 });
/** Go's `complex64`. */
export const complex64: Schema<Complex> = schemaOf({ kind: "complex", bits: 64 });
/** Go's `complex128`. */
export const complex128: Schema<Complex> = schemaOf({ kind: "complex", bits: 128 });

/**
 * Go's `string`, as text. Go allows any bytes in a string: what is not UTF-8 decodes as U+FFFD. Use
 * `rawString` where that would lose something.
 */
export const string: Schema<string> = schemaOf({ kind: "string", raw: false });
/** Go's `string`, as its bytes. */
export const rawString: Schema<Uint8Array> = schemaOf({ kind: "string", raw: true });
/**
 * Go's `[]byte`. A decoded value is a copy of its own (its ArrayBuffer may be shared with other values of
 * the same stream). nil and empty are the same.
 */
export const bytes: Schema<Uint8Array, Uint8Array | null> = schemaOf({ kind: "bytes" });
