import type { EncodeContext } from "./encode-context.ts";
import { writeTop } from "./encode-op.ts";
import { Fault, toFault } from "./fault.ts";
import type { GobError } from "./gob-error.ts";
import { defaultGobLimits } from "./limits.ts";
import { basicTypes, type Registry } from "./registry.ts";
import { type AnySchema, type Input, type Node, nodeOf } from "./schema.ts";
import { TypeTable } from "./type-table.ts";
import { typeNameOf } from "./wire-shape.ts";
import { Writer } from "./writer.ts";

/** How an Encoder encodes. */
export interface EncoderOptions {
  /** Types that `any` values may hold. Default: Go's basic types only. */
  readonly registry?: Registry;
  /** Longest message in bytes; `gob-limit` beyond. Default 1 GiB, what Go's decoders take. */
  readonly maxMessageBytes?: number;
  /** How deep values may nest; a value that contains itself ends here. Default 1000. */
  readonly maxDepth?: number;
}

/**
 * Encodes values of one stream. Types are defined once per stream, ahead of the first value that needs
 * them. An encode that fails leaves the stream as it was.
 */
export class Encoder {
  readonly #writer = new Writer();
  readonly #types = new TypeTable();
  readonly #context: EncodeContext;
  readonly #maxMessageBytes: number;
  // What the length of the last message took, by schema: most messages of a kind are alike in size.
  readonly #prefixBytes = new Map<Node, number>();

  constructor(options: EncoderOptions = {}) {
    this.#maxMessageBytes = options.maxMessageBytes ?? defaultGobLimits.maxMessageBytes;
    this.#context = {
      types: this.#types,
      registry: options.registry ?? basicTypes(),
      maxDepth: options.maxDepth ?? defaultGobLimits.maxDepth,
      depth: 0,
    };
  }

  /** Bytes encoded and not yet taken. */
  get pendingBytes(): number {
    return this.#writer.mark;
  }

  /**
   * Encodes one value after those encoded before. Throws GobError when the value does not fit the
   * schema (`gob-value`, `gob-range`, `gob-codec`, `gob-unregistered`, `gob-limit`).
   */
  encode<S extends AnySchema>(schema: S, value: Input<S>): void {
    const w = this.#writer;
    const start = w.mark;
    try {
      this.#encode(nodeOf(schema), value, start);
      this.#types.commit();
    } catch (thrown) {
      w.rewind(start);
      this.#types.rollback();
      throw this.#toError(toFault(thrown), schema);
    }
  }

  /** The bytes encoded since the last call, to be sent. They are the caller's; nothing is copied. */
  take(): Uint8Array {
    return this.#writer.take();
  }

  #encode(node: Node, value: unknown, start: number): void {
    const w = this.#writer;
    this.#context.depth = 0;
    const prefixBytes = this.#prefixBytes.get(node) ?? 1;
    const mark = w.beginLength(prefixBytes);
    w.int(this.#types.idOf(node));
    writeTop(w, node, value, this.#context);
    const length = w.mark - mark - prefixBytes;
    if (length >= this.#maxMessageBytes) {
      throw new Fault("gob-limit", `message of ${length} bytes, the limit is ${this.#maxMessageBytes}`);
    }
    const actual = w.endLength(mark, prefixBytes);
    if (actual !== prefixBytes) this.#prefixBytes.set(node, actual);
    const definitions = this.#types.definitions;
    if (definitions.mark > 0) w.insert(start, definitions.take());
  }

  #toError(fault: Fault, schema: AnySchema): GobError {
    fault.type ??= typeNameOf(nodeOf(schema));
    return fault.toError();
  }
}

/** Encodes one value as a stream of its own. */
export function encode<S extends AnySchema>(
  schema: S,
  value: Input<S>,
  options?: EncoderOptions,
): Uint8Array {
  const encoder = new Encoder(options);
  encoder.encode(schema, value);
  return encoder.take();
}
