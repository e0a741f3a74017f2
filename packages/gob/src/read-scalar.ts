import { Fault } from "./fault.ts";
import type { Reader } from "./reader.ts";
import type { NumberBits } from "./schema.ts";

/** Reads a signed integer that must fit `bits`. */
export function intReader(bits: NumberBits): (r: Reader) => number {
  if (bits === 64) return (r) => r.int();
  const max = 2 ** (bits - 1) - 1;
  return (r) => {
    const at = r.offset;
    const value = r.int();
    if (value > max || value < -max - 1) throw outOfRange(value, `int${bits}`, at);
    return value;
  };
}

/** Reads an unsigned integer that must fit `bits`. */
export function uintReader(bits: NumberBits): (r: Reader) => number {
  if (bits === 64) return (r) => r.uint();
  const max = 2 ** bits - 1;
  return (r) => {
    const at = r.offset;
    const value = r.uint();
    if (value > max) throw outOfRange(value, `uint${bits}`, at);
    return value;
  };
}

/** Reads a float; one of 32 bits must be within float32's range and is rounded to it, as Go does. */
export function floatReader(bits: 32 | 64): (r: Reader) => number {
  if (bits === 64) return (r) => r.float();
  return (r) => {
    const at = r.offset;
    const value = r.float();
    if (Math.abs(value) > maxFloat32 && Number.isFinite(value)) throw outOfRange(value, "float32", at);
    return Math.fround(value);
  };
}

const maxFloat32 = 3.4028234663852886e38;

function outOfRange(value: number, type: string, offset: number): Fault {
  return new Fault("gob-range", `received ${value}, which does not fit ${type}`, offset);
}
