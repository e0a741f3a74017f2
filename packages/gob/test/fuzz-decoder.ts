import * as gob from "@drawbar/gob";
import * as types from "./go-types.ts";
import { goVectors } from "./go-vectors.ts";

/** What a run over mutated streams came to. */
export interface FuzzReport {
  readonly runs: number;
  readonly decodedValues: number;
  /** GobErrors by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

const limits: gob.GobLimits = {
  maxMessageBytes: 1 << 16,
  maxDepth: 200,
  maxElements: 1 << 16,
  maxTypeBytes: 1 << 14,
};

const schemas: readonly gob.AnySchema[] = [
  types.Point,
  types.Scalars,
  types.Composites,
  types.Marshalers,
  types.Holder,
  types.Derived,
  types.Tree,
  gob.slice(gob.string),
  gob.map(gob.string, gob.int),
];

const seeds: readonly Uint8Array[] = Object.values(goVectors).map(types.hex);

/**
 * Decodes `runs` streams that are valid ones with random damage: with a schema, without one, and
 * passing over, in pieces of random length. Throws when anything but a GobError comes out.
 */
export function fuzzDecoder(runs: number, seed: number): FuzzReport {
  const random = randomNumbers(seed);
  const refused: Record<string, number> = {};
  let decodedValues = 0;
  let slowestMs = 0;
  for (let run = 0; run < runs; run++) {
    const stream = damaged(random);
    const started = performance.now();
    try {
      decodedValues += decodeAll(stream, random);
    } catch (error) {
      if (!(error instanceof gob.GobError)) {
        throw new Error(`run ${run} of seed ${seed}: ${Buffer.from(stream).toString("hex")}`, {
          cause: error,
        });
      }
      refused[error.code] = (refused[error.code] ?? 0) + 1;
    }
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
  return { runs, decodedValues, refused, slowestMs };
}

type Random = (below: number) => number;

// xorshift32: quick, and the same everywhere.
function randomNumbers(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)] as T;
}

function decodeAll(stream: Uint8Array, random: Random): number {
  const decoder = new gob.Decoder({
    registry: types.registry,
    limits,
    unregistered: random(2) === 0 ? "fail" : "decode",
  });
  const schema = pick(random, schemas);
  const way = random(3);
  const step = (): boolean => {
    if (way === 0) return decoder.decode(schema) !== gob.pending;
    return way === 1 ? decoder.decodeAny() !== gob.pending : decoder.skip();
  };
  let values = 0;
  const pieceBytes = 1 + random(stream.length + 1);
  for (let at = 0; at < stream.length; at += pieceBytes) {
    decoder.push(stream.slice(at, at + pieceBytes));
    while (oneValue(step)) values++;
  }
  decoder.end();
  return values;
}

// A value that was refused but could be passed over does not end the stream.
function oneValue(step: () => boolean): boolean {
  try {
    return step();
  } catch (error) {
    if (error instanceof gob.GobError && !error.fatal) return true;
    throw error;
  }
}

function damaged(random: Random): Uint8Array {
  let stream = pick(random, seeds);
  for (let left = 1 + random(4); left > 0; left--) {
    // Half of the damage keeps the lengths of messages true, so that it gets past the framing.
    stream = random(2) === 0 ? damage(stream, random) : damageMessage(stream, random);
  }
  return stream;
}

function damageMessage(stream: Uint8Array, random: Random): Uint8Array {
  const messages = split(stream);
  if (messages.length === 0) return damage(stream, random);
  const at = random(messages.length);
  const message = damage(messages[at] as Uint8Array, random);
  const changed = random(8) === 0 ? [...messages, message] : messages.with(at, message);
  return join(changed);
}

const telling = [0x00, 0x01, 0x7f, 0x80, 0xf7, 0xf8, 0xfc, 0xfe, 0xff];

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length + 1);
  const length = random(9);
  switch (random(6)) {
    case 0:
      return at < bytes.length ? bytes.with(at, random(256)) : bytes;
    case 1:
      return concat(bytes.subarray(0, at), Uint8Array.of(pick(random, telling)), bytes.subarray(at));
    case 2:
      return concat(bytes.subarray(0, at), bytes.subarray(at + length));
    case 3:
      return concat(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - length)));
    case 4:
      return concat(
        bytes.subarray(0, at),
        pick(random, seeds).subarray(random(40), random(80)),
        bytes.subarray(at),
      );
    default:
      return bytes.subarray(0, at);
  }
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function split(stream: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const first = stream[at] as number;
    const extra = first < 128 ? 0 : 256 - first;
    if (extra > 3) break;
    let length = first < 128 ? first : 0;
    for (let i = 1; i <= extra; i++) length = length * 256 + (stream[at + i] ?? 0);
    messages.push(stream.subarray(at + 1 + extra, at + 1 + extra + length));
    at += 1 + extra + length;
  }
  return messages;
}

function join(messages: readonly Uint8Array[]): Uint8Array {
  return concat(...messages.flatMap((message) => [lengthOf(message.length), message]));
}

function lengthOf(length: number): Uint8Array {
  return length < 128 ? Uint8Array.of(length) : Uint8Array.of(0xfd, length >> 16, length >> 8, length);
}
