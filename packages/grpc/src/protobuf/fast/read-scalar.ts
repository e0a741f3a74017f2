import { ScalarType } from "@bufbuild/protobuf";
import type { Input } from "./input.ts";

/** Reads a value after its tag; bails on bytes that do not fit. */
export type ReadValue = (input: Input) => unknown;

const readers: Readonly<Record<ScalarType, ReadValue>> = {
  [ScalarType.DOUBLE]: (input) => input.double(),
  [ScalarType.FLOAT]: (input) => input.float(),
  [ScalarType.INT32]: (input) => input.int32(),
  [ScalarType.UINT32]: (input) => input.varint(),
  [ScalarType.SINT32]: (input) => {
    const zigzag = input.varint();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  },
  [ScalarType.INT64]: (input) => BigInt.asIntN(64, input.varint64()),
  [ScalarType.UINT64]: (input) => input.varint64(),
  [ScalarType.SINT64]: (input) => {
    const zigzag = input.varint64();
    return (zigzag >> 1n) ^ -(zigzag & 1n);
  },
  [ScalarType.FIXED32]: (input) => input.fixed32(),
  [ScalarType.SFIXED32]: (input) => input.fixed32() | 0,
  [ScalarType.FIXED64]: (input) => input.fixed64(),
  [ScalarType.SFIXED64]: (input) => BigInt.asIntN(64, input.fixed64()),
  [ScalarType.BOOL]: (input) => input.bool(),
  [ScalarType.STRING]: (input) => input.text(),
  [ScalarType.BYTES]: (input) => input.chunk(),
};

export function scalarReader(type: ScalarType): ReadValue {
  return readers[type];
}
