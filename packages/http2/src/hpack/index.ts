export { DecodedBlock } from "./decoded-block.ts";
export { HpackDecoder } from "./decoder.ts";
export { HpackEncoder } from "./encoder.ts";
export { HpackError } from "./hpack-error.ts";
