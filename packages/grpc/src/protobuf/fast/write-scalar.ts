import { ScalarType } from "@bufbuild/protobuf";
import { bail } from "./bail.ts";
import type { Output } from "./output.ts";

/** Writes a value without its tag; bails on one of the wrong type or out of range. */
export type WriteValue = (out: Output, value: unknown) => void;

const largestFloat = 3.4028234663852886e38;

function int32(value: unknown): number {
  return typeof value === "number" && (value | 0) === value ? value : bail();
}

function uint32(value: unknown): number {
  return typeof value === "number" && value >>> 0 === value ? value : bail();
}

function int64(value: unknown): bigint {
  return typeof value === "bigint" && BigInt.asIntN(64, value) === value ? value : bail();
}

function uint64(value: unknown): bigint {
  return typeof value === "bigint" && BigInt.asUintN(64, value) === value ? value : bail();
}

function low(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}

function high(value: bigint): number {
  return Number(BigInt.asUintN(32, value >> 32n));
}

function writeInt32(out: Output, value: unknown): void {
  const number = int32(value);
  if (number >= 0) out.varint(number);
  else out.varint64(number, -1);
}

function fixed64(out: Output, value: bigint): void {
  out.fixed32(low(value));
  out.fixed32(high(value));
}

const writers: Readonly<Record<ScalarType, WriteValue>> = {
  [ScalarType.DOUBLE]: (out, value) => out.double(typeof value === "number" ? value : bail()),
  [ScalarType.FLOAT]: (out, value) => {
    if (typeof value !== "number" || (Math.abs(value) > largestFloat && Number.isFinite(value))) bail();
    else out.float(value);
  },
  [ScalarType.INT32]: writeInt32,
  [ScalarType.UINT32]: (out, value) => out.varint(uint32(value)),
  [ScalarType.SINT32]: (out, value) => {
    const number = int32(value);
    out.varint((number << 1) ^ (number >> 31));
  },
  [ScalarType.INT64]: (out, value) => {
    const number = int64(value);
    out.varint64(low(number), high(number));
  },
  [ScalarType.UINT64]: (out, value) => {
    const number = uint64(value);
    out.varint64(low(number), high(number));
  },
  [ScalarType.SINT64]: (out, value) => {
    const number = int64(value);
    const zigzag = (number << 1n) ^ (number >> 63n);
    out.varint64(low(zigzag), high(zigzag));
  },
  [ScalarType.FIXED32]: (out, value) => out.fixed32(uint32(value)),
  [ScalarType.SFIXED32]: (out, value) => out.fixed32(int32(value)),
  [ScalarType.FIXED64]: (out, value) => fixed64(out, uint64(value)),
  [ScalarType.SFIXED64]: (out, value) => fixed64(out, int64(value)),
  [ScalarType.BOOL]: (out, value) => out.byte(typeof value === "boolean" ? Number(value) : bail()),
  [ScalarType.STRING]: (out, value) => out.text(typeof value === "string" ? value : bail()),
  [ScalarType.BYTES]: (out, value) => out.chunk(value instanceof Uint8Array ? value : bail()),
};

export function scalarWriter(type: ScalarType): WriteValue {
  return writers[type];
}

/** The wire type that a scalar is written with. */
export function scalarWireType(type: ScalarType): number {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return 2;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return 1;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return 5;
    default:
      return 0;
  }
}

/** True for what a field without presence leaves out. */
export function isZero(value: unknown): boolean {
  if (typeof value === "object") return value instanceof Uint8Array && value.length === 0;
  return value === "" || value === false || value === 0n || Object.is(value, 0);
}
