import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { Codec } from "../definition.ts";
import { Bail } from "./fast/bail.ts";
import { Decoder } from "./fast/decoder.ts";
import { Encoder } from "./fast/encoder.ts";
import { Input } from "./fast/input.ts";
import { Output } from "./fast/output.ts";
import { isSupported } from "./fast/supported.ts";

interface FastPath {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

// One of each: encoding and decoding never wait, and never call anything that could come back here.
const output = new Output();
const input = new Input();
const fastPaths = new WeakMap<DescMessage, FastPath | "unsupported">();

/**
 * Messages of one protobuf-es type. What is common is done by code of our own, which takes a quarter of the
 * library's time; everything else, and every error, is the library's.
 */
export function messageCodec<Desc extends DescMessage>(
  desc: Desc,
): Codec<MessageShape<Desc>, MessageInitShape<Desc>> {
  // Looked at when the first message comes: a program's start should not pay for methods that it never calls.
  let fast: FastPath | "unsupported" | undefined;
  const encodeAfter = (value: MessageInitShape<Desc>, gapBytes: number): Uint8Array => {
    fast ??= fastPath(desc);
    const encoded = fast === "unsupported" ? undefined : encodeFast(fast.encoder, value, gapBytes);
    return encoded ?? afterGap(toBinary(desc, create(desc, value)), gapBytes);
  };
  const decodeWithin = (
    bytes: Uint8Array,
    start: number,
    end: number,
    owned: boolean,
  ): MessageShape<Desc> => {
    fast ??= fastPath(desc);
    const message = fast === "unsupported" ? undefined : decodeFast(fast.decoder, bytes, start, end, owned);
    // The library keeps views of what it is given, and what we are given is valid only for now.
    return (
      (message as MessageShape<Desc> | undefined) ??
      fromBinary(desc, new Uint8Array(bytes.subarray(start, end)))
    );
  };
  return {
    encode: (value) => encodeAfter(value, 0),
    decode: (bytes) => decodeWithin(bytes, 0, bytes.length, false),
    encodeAfter,
    release: (bytes) => output.release(bytes),
    decodeWithin,
  };
}

function afterGap(encoded: Uint8Array, gapBytes: number): Uint8Array {
  if (gapBytes === 0) return encoded;
  const bytes = new Uint8Array(gapBytes + encoded.length);
  bytes.set(encoded, gapBytes);
  return bytes;
}

function fastPath(desc: DescMessage): FastPath | "unsupported" {
  let found = fastPaths.get(desc);
  if (found === undefined) {
    found = isSupported(desc)
      ? { encoder: new Encoder(desc, new Map()), decoder: new Decoder(desc, new Map()) }
      : "unsupported";
    fastPaths.set(desc, found);
  }
  return found;
}

function encodeFast(encoder: Encoder, value: unknown, gapBytes: number): Uint8Array | undefined {
  output.begin(gapBytes);
  try {
    encoder.write(output, value);
    return output.finish();
  } catch (error) {
    if (error instanceof Bail) return undefined;
    throw error;
  }
}

function decodeFast(
  decoder: Decoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  owned: boolean,
): unknown {
  try {
    return decoder.read(input.open(bytes, start, end, owned), end, 0);
  } catch (error) {
    if (error instanceof Bail) return undefined;
    throw error;
  } finally {
    input.close();
  }
}
