type Write = typeof process.stdout.write;

// What is kept of the output before the handshake; the rest of it is dropped and counted.
const maxHeldBytes = 256 * 1024;

/**
 * stdout before the handshake line. Hosts read the first line there as the handshake, so what libraries
 * print meanwhile is held back. drawbar itself writes through `writeReal`.
 */
export class HeldStdout {
  readonly #stream: NodeJS.WriteStream;
  readonly #write: Write;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #droppedBytes = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#write = stream.write;
    stream.write = interceptedWrite((chunk) => this.#hold(chunk));
  }

  /** Writes to stdout itself. */
  writeReal(text: string | Uint8Array): void {
    this.#write.call(this.#stream, text);
  }

  /** What was held so far; from here on every write goes to `next` instead of stdout. */
  release(next: (chunk: Buffer) => boolean): Buffer {
    this.#stream.write = interceptedWrite(next);
    const note =
      this.#droppedBytes === 0
        ? ""
        : `[drawbar: ${this.#droppedBytes} more bytes before the handshake were dropped]\n`;
    return Buffer.concat([...this.#chunks.splice(0), Buffer.from(note)]);
  }

  /** Gives stdout back, and everything held to it: this process is no plugin after all. */
  restore(): void {
    this.#stream.write = this.#write;
    for (const chunk of this.#chunks.splice(0)) this.writeReal(chunk);
  }

  #hold(chunk: Buffer): boolean {
    if (this.#bytes + chunk.length > maxHeldBytes) this.#droppedBytes += chunk.length;
    else {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
    }
    return true;
  }
}

let held: HeldStdout | undefined;

/** Begins to hold stdout back; the same one at every call. */
export function holdStdout(): HeldStdout {
  held ??= new HeldStdout(process.stdout);
  return held;
}

/** A stream's `write`, with all its forms, that goes to `take` instead. `take` owns the chunk. */
export function interceptedWrite(take: (chunk: Buffer) => boolean): Write {
  return (
    chunk: string | Uint8Array,
    encodingOrCallback?: BufferEncoding | ((error?: Error | null) => void),
    callback?: (error?: Error | null) => void,
  ): boolean => {
    const encoding = typeof encodingOrCallback === "string" ? encodingOrCallback : "utf8";
    const done = typeof encodingOrCallback === "function" ? encodingOrCallback : callback;
    const more = take(typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    if (done !== undefined) process.nextTick(done);
    return more;
  };
}
