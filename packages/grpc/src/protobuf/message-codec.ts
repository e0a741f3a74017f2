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

const output = new Output();
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
  return {
    encode(value) {
      fast ??= fastPath(desc);
      return (
        (fast === "unsupported" ? undefined : encodeFast(fast.encoder, value)) ??
        toBinary(desc, create(desc, value))
      );
    },
    decode(bytes) {
      fast ??= fastPath(desc);
      const message = fast === "unsupported" ? undefined : decodeFast(fast.decoder, bytes);
      // The library keeps views of what it is given, and what we are given is valid only for now.
      return (message as MessageShape<Desc> | undefined) ?? fromBinary(desc, new Uint8Array(bytes));
    },
  };
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

function encodeFast(encoder: Encoder, value: unknown): Uint8Array | undefined {
  const start = output.begin();
  try {
    encoder.write(output, value);
    return output.finish(start);
  } catch (error) {
    output.abandon(start);
    if (error instanceof Bail) return undefined;
    throw error;
  }
}

function decodeFast(decoder: Decoder, bytes: Uint8Array): unknown {
  try {
    return decoder.read(new Input(bytes), bytes.length, 0);
  } catch (error) {
    if (error instanceof Bail) return undefined;
    throw error;
  }
}
