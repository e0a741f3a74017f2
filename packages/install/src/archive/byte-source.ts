import { badArchive } from "./archive-failure.ts";

/** Bytes that arrive in pieces of any length, read in pieces of the reader's choice. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, or undefined where the end has come: fewer than that are a cut archive. */
  async exactly(bytes: number): Promise<Uint8Array | undefined> {
    const first = await this.upTo(bytes);
    if (first === undefined || first.length === bytes) return first;
    const whole = new Uint8Array(bytes);
    whole.set(first);
    for (let offset = first.length; offset < bytes; ) {
      const next = await this.upTo(bytes - offset);
      if (next === undefined) throw cut();
      whole.set(next, offset);
      offset += next.length;
    }
    return whole;
  }

  /** As `exactly`, where the end may not come. */
  async required(bytes: number): Promise<Uint8Array> {
    const read = await this.exactly(bytes);
    if (read === undefined) throw cut();
    return read;
  }

  /** What there is, at least one byte and at most so many; undefined at the end. A view. */
  async upTo(bytes: number): Promise<Uint8Array | undefined> {
    if (bytes === 0) return new Uint8Array(0);
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return undefined;
      this.#chunk = value;
    }
    const read = this.#chunk.subarray(0, bytes);
    this.#chunk = this.#chunk.subarray(read.length);
    return read;
  }

  /** Ends what the bytes come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function cut(): Error {
  return badArchive("it is cut short");
}
