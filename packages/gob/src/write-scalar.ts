import { type WriteOp, wrongType } from "./encode-context.ts";
import { Fault } from "./fault.ts";
import type { NumberBits } from "./schema.ts";

/** Writes a boolean. */
export const boolWriter: WriteOp = (w, value) => {
  if (typeof value !== "boolean") throw wrongType("a boolean", value);
  w.byte(value ? 1 : 0);
};

/** Writes a string. */
export const stringWriter: WriteOp = (w, value) => {
  if (typeof value !== "string") throw wrongType("a string", value);
  w.string(value);
};

/** Writes bytes. */
export const bytesWriter: WriteOp = (w, value) => {
  if (value === null) return w.byte(0);
  if (!(value instanceof Uint8Array)) throw wrongType("a Uint8Array", value);
  w.counted(value);
};

/** Writes a number as a signed integer of `bits`. */
export function intWriter(bits: NumberBits): WriteOp {
  const max = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** (bits - 1) - 1;
  const min = bits === 64 ? -max : -max - 1;
  return (w, value) => {
    if (typeof value !== "number") throw wrongType("a number", value);
    if (!(Number.isInteger(value) && value >= min && value <= max)) throw outOfRange(value, "int", bits);
    w.int(value);
  };
}

/** Writes a number as an unsigned integer of `bits`. */
export function uintWriter(bits: NumberBits): WriteOp {
  const max = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1;
  return (w, value) => {
    if (typeof value !== "number") throw wrongType("a number", value);
    if (!(Number.isInteger(value) && value >= 0 && value <= max)) throw outOfRange(value, "uint", bits);
    w.uint(value);
  };
}

function outOfRange(value: number, kind: string, bits: NumberBits): Fault {
  const hint = bits === 64 ? "; numbers are exact up to 2^53 - 1, beyond it use a bigint schema" : "";
  return new Fault("gob-range", `${value} does not fit ${kind}${bits}${hint}`);
}

/** Writes a bigint, or a whole number, as a 64-bit integer. */
export function bigIntWriter(signed: boolean): WriteOp {
  const min = signed ? -(2n ** 63n) : 0n;
  const max = signed ? 2n ** 63n - 1n : 2n ** 64n - 1n;
  return (w, value) => {
    const exact = typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof exact !== "bigint") throw wrongType("a bigint or a safe integer", value);
    if (exact < min || exact > max) {
      throw new Fault("gob-range", `${exact} does not fit ${signed ? "int64" : "uint64"}`);
    }
    if (signed) w.bigInt(exact);
    else w.bigUint(exact);
  };
}

/** Writes a float; one of 32 bits is rounded to the nearest first. */
export function floatWriter(bits: 32 | 64): WriteOp {
  if (bits === 32) return (w, value) => w.float(toFloat32(value));
  return (w, value) => {
    if (typeof value !== "number") throw wrongType("a number", value);
    w.float(value);
  };
}

function toFloat32(value: unknown): number {
  if (typeof value !== "number") throw wrongType("a number", value);
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded) && Number.isFinite(value)) {
    throw new Fault("gob-range", `${value} does not fit float32`);
  }
  return rounded;
}

/** Writes the two floats of a complex number. */
export function complexWriter(bits: 64 | 128): WriteOp {
  const write = floatWriter(bits === 64 ? 32 : 64);
  return (w, value, context) => {
    if (typeof value !== "object" || value === null) throw wrongType("{ re, im }", value);
    const { re, im } = value as { re?: unknown; im?: unknown };
    write(w, re, context);
    write(w, im, context);
  };
}
