import { ByteQueue } from "@drawbar/io";
import { decodeAnyTop } from "./decode-any.ts";
import { decodeTop } from "./decode-op.ts";
import type { DecodeStream } from "./decode-stream.ts";
import { Fault, toFault } from "./fault.ts";
import { GobError } from "./gob-error.ts";
import { defaultGobLimits, type GobLimits } from "./limits.ts";
import { PlanCache } from "./plan-cache.ts";
import { Reader, starved } from "./reader.ts";
import { basicTypes, type Registry } from "./registry.ts";
import { type AnySchema, type Infer, type Node, nodeOf } from "./schema.ts";
import { skipTop } from "./skip.ts";
import { StreamTypes } from "./stream-types.ts";
import type { WireType } from "./wire-type.ts";

/** What `decode` gives when the next value has not arrived completely. */
export const pending: unique symbol = Symbol("gob.pending");

/** How a Decoder decodes. */
export interface DecoderOptions {
  /** Types that `any` values may hold. Default: Go's basic types only. */
  readonly registry?: Registry;
  /**
   * What an `any` value of a type that is not registered is: an error (default, as Go), or decoded by its
   * wire type as `decodeAny` does.
   */
  readonly unregistered?: "fail" | "decode";
  /** What is taken from the peer; what is left out is as in `defaultGobLimits`. */
  readonly limits?: Partial<GobLimits>;
}

/** A value decoded by its wire type alone. */
export interface AnyValue {
  readonly type: WireType;
  readonly value: unknown;
}

// A value that goes on in a later message is decoded anew with each attempt. What attempts may cost
// altogether is bounded, whatever pieces a peer sends it in.
const retryBytes = 64 * 1024 * 1024;

/**
 * Decodes the values of one stream from bytes as they arrive.
 *
 * `push` what arrived, then `decode` until it gives `pending`. The pushed bytes are read in place and
 * must stay as they are until then, or until `retain`; what is left of them is kept.
 */
export class Decoder {
  readonly #reader: Reader;
  readonly #queue = new ByteQueue();
  readonly #stream: DecodeStream;
  #failure: GobError | undefined;
  // Where the message begins that a value was found to go on in; see `retryBytes`.
  #resumeAt = 0;
  #retried = 0;

  constructor(options: DecoderOptions = {}) {
    const limits: GobLimits = { ...defaultGobLimits, ...options.limits };
    this.#reader = new Reader(limits);
    this.#stream = {
      types: new StreamTypes(limits.maxTypeBytes),
      plans: new PlanCache(),
      registry: options.registry ?? basicTypes(),
      unregistered: options.unregistered ?? "fail",
    };
  }

  /** Bytes received that no decoded value has used. */
  get bufferedBytes(): number {
    return this.#reader.available - this.#reader.pos;
  }

  /** The types that the stream has defined so far. */
  types(): WireType[] {
    return this.#stream.types.defined();
  }

  /** The type of an id, for following a WireType's references. */
  type(id: number): WireType | undefined {
    return this.#stream.types.get(id);
  }

  /** Adds bytes that arrived. Read in place: see the class. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.retain();
    const r = this.#reader;
    r.reset(this.#queue.push(chunk), r.offset);
  }

  /** Copies what is left of the pushed bytes, so that they may change before `decode` gave `pending`. */
  retain(): void {
    const r = this.#reader;
    if (r.available === 0) return;
    if (r.pos === r.available && this.#queue.length === 0) {
      r.clear();
      return;
    }
    const base = r.offset;
    this.#queue.keep(r.bytes, r.pos);
    r.reset(this.#queue.push(nothing), base);
  }

  /**
   * The next value, or `pending` when it has not arrived completely. Throws GobError; unless it is
   * `fatal`, the value has been passed over and the next can be decoded.
   */
  decode<S extends AnySchema>(schema: S): Infer<S> | typeof pending {
    return this.#next(nodeOf(schema)) as Infer<S> | typeof pending;
  }

  /** The next value by its wire type alone, or `pending`. */
  decodeAny(): AnyValue | typeof pending {
    return this.#next("any") as AnyValue | typeof pending;
  }

  /** Passes over the next value, whatever it is. False when it has not arrived completely. */
  skip(): boolean {
    return this.#next("skip") !== pending;
  }

  /** To be called when the stream ended: throws `gob-truncated` when it did so inside a value. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    const left = this.bufferedBytes;
    if (left === 0) return;
    throw this.#fail(
      new Fault("gob-truncated", `the stream ends ${left} bytes into a value`, this.#reader.offset),
    );
  }

  #next(target: Node | "any" | "skip"): unknown {
    if (this.#failure !== undefined) throw this.#failure;
    const r = this.#reader;
    let start = r.pos;
    try {
      if (this.#resumeAt > 0 && !this.#hasArrived()) return this.#wait(start);
      for (;;) {
        start = r.pos;
        r.moveTo(start);
        if (!r.nextMessage()) return this.#wait(start);
        const id = r.int();
        if (id >= 0) return this.#value(target, id, start);
        this.#stream.types.define(r, -id);
        if (r.left > 0) throw r.fault("gob-corrupt", `${r.left} bytes after a type definition`);
        this.#stream.types.commit();
      }
    } catch (thrown) {
      if (thrown === starved) return this.#waitForMore(start);
      if (thrown instanceof GobError) throw thrown;
      throw this.#fail(toFault(thrown));
    }
  }

  #value(target: Node | "any" | "skip", id: number, start: number): unknown {
    const r = this.#reader;
    let value: unknown;
    let fault: Fault | undefined;
    try {
      value = this.#read(target, id);
      this.#finish();
    } catch (thrown) {
      if (thrown === starved) throw thrown;
      fault = toFault(thrown);
    }
    // What does not fit the schema can still be passed over by its wire type.
    if (fault !== undefined) this.#passOver(fault, start);
    this.#stream.types.commit();
    this.#resumeAt = 0;
    this.#retried = 0;
    r.moveTo(r.pos);
    if (fault !== undefined) throw fault.toError(fault.offset ?? r.base + start);
    return value;
  }

  #read(target: Node | "any" | "skip", id: number): unknown {
    const r = this.#reader;
    if (target === "skip") return skipTop(r, id, this.#stream.types);
    if (target !== "any") return decodeTop(r, this.#stream, target, id);
    const value = decodeAnyTop(r, this.#stream, id);
    return { type: this.#stream.types.get(id), value };
  }

  #finish(): void {
    const r = this.#reader;
    if (r.left > 0) throw r.fault("gob-corrupt", `${r.left} bytes after the value in its message`);
  }

  #passOver(fault: Fault, start: number): void {
    const r = this.#reader;
    this.#stream.types.rollback();
    r.moveTo(start);
    try {
      r.nextMessage();
      skipTop(r, r.int(), this.#stream.types);
      this.#finish();
    } catch (thrown) {
      if (thrown === starved) throw thrown;
      throw this.#fail(fault);
    }
  }

  #fail(fault: Fault): GobError {
    this.#failure = fault.toError(fault.offset ?? this.#reader.offset, true);
    return this.#failure;
  }

  #wait(start: number): typeof pending {
    this.#reader.moveTo(start);
    this.retain();
    return pending;
  }

  // Whether the message has arrived that the last attempt at the value lacked.
  #hasArrived(): boolean {
    const r = this.#reader;
    const start = r.pos;
    r.moveTo(this.#resumeAt - r.base);
    const arrived = r.nextMessage();
    r.moveTo(start);
    return arrived;
  }

  #waitForMore(start: number): typeof pending {
    const r = this.#reader;
    this.#stream.types.rollback();
    this.#resumeAt = r.offset;
    const value = r.pos - start;
    this.#retried += value;
    if (this.#retried > retryBytes + 8 * value) {
      throw this.#fail(new Fault("gob-limit", "a value in too many pieces", r.base + start));
    }
    return this.#wait(start);
  }
}

const nothing = new Uint8Array(0);

/**
 * Decodes a stream of exactly one value. Throws GobError, `gob-truncated` or `gob-corrupt` when it holds
 * less or more.
 */
export function decode<S extends AnySchema>(
  schema: S,
  bytes: Uint8Array,
  options?: DecoderOptions,
): Infer<S> {
  const decoder = new Decoder(options);
  decoder.push(bytes);
  return only(decoder, bytes, decoder.decode(schema)) as Infer<S>;
}

/** Decodes a stream of exactly one value by its wire type alone. */
export function decodeAny(bytes: Uint8Array, options?: DecoderOptions): AnyValue {
  const decoder = new Decoder(options);
  decoder.push(bytes);
  return only(decoder, bytes, decoder.decodeAny()) as AnyValue;
}

function only(decoder: Decoder, bytes: Uint8Array, value: unknown): unknown {
  const left = decoder.bufferedBytes;
  if (value === pending) {
    throw new GobError("gob-truncated", "the bytes end before the value does", { offset: bytes.length });
  }
  if (left === 0) return value;
  throw new GobError("gob-corrupt", `${left} bytes after the value`, { offset: bytes.length - left });
}
