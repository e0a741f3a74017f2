export type { Codec } from "./codec.ts";
export { codec } from "./codec-schema.ts";
export {
  array,
  embedded,
  type Fields,
  lazy,
  map,
  pointer,
  record,
  type StructInput,
  type StructOutput,
  type StructSchema,
  slice,
  struct,
} from "./composites.ts";
export type { EncodedValue } from "./decode-any.ts";
export { type AnyValue, Decoder, type DecoderOptions, decode, decodeAny, pending } from "./decoder.ts";
export { Encoder, type EncoderOptions, encode } from "./encoder.ts";
export { bigInt } from "./go-big-int.ts";
export { Time, time } from "./go-time.ts";
export { url } from "./go-url.ts";
export { GobError, type GobErrorCode, type GobErrorWhere } from "./gob-error.ts";
export { inspect } from "./inspect.ts";
export { defaultGobLimits, type GobLimits } from "./limits.ts";
export {
  any,
  anyOf,
  type InterfaceValue,
  type OneOfInput,
  type OneOfOutput,
  oneOf,
  Registry,
  type RegistryOptions,
} from "./registry.ts";
export {
  bigInt64,
  bigUint64,
  bool,
  bytes,
  type Complex,
  complex64,
  complex128,
  float32,
  float64,
  int,
  int8,
  int16,
  int32,
  int64,
  rawString,
  string,
  uint,
  uint8,
  uint16,
  uint32,
  uint64,
} from "./scalars.ts";
export type { AnySchema, Infer, Input, Schema } from "./schema.ts";
export type { BasicName, CodecMethod, WireField, WireType } from "./wire-type.ts";
