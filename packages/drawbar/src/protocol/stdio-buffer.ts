/** How long the last output may take to the host once the plugin ends; less than hosts wait before they use force. */
export const finishMs = 1_500;

/** Which of a plugin's outputs a chunk belongs to; the numbers are the wire's. */
export type StdioChannel = 1 | 2;

/** A piece of a plugin's output; a peer may send a channel that is neither. */
export interface StdioChunk {
  readonly channel: StdioChannel | number;
  readonly data: Uint8Array;
}

interface Queued {
  readonly channel: StdioChannel;
  readonly parts: Buffer[];
  bytes: number;
}

// go-plugin sends 1 KiB a message; a message of this size costs no more and saves 31 of them.
const chunkBytes = 32 * 1024;
/** Above this, `push` answers false, so that writers who listen wait. */
const highWaterMarkBytes = 64 * 1024;

/**
 * A plugin's output on its way to the host: bounded, in order, read by one consumer. A writer cannot be
 * blocked in JavaScript as Go blocks one, so what no host takes is dropped beyond the bound, newest first,
 * and the number of bytes is told in its place.
 */
export class StdioBuffer {
  readonly #maxBytes: number;
  readonly #queue: Queued[] = [];
  #bytes = 0;
  #droppedBytes = 0;
  #ended = false;
  #writerWaits = false;
  #wake: (() => void) | undefined;

  readonly #onDrain: () => void;

  /**
   * @param onDrain after a `push` that returned false: there is room again
   * @param maxBytes default 16 MiB
   */
  constructor(onDrain: () => void, maxBytes: number = 16 * 1024 * 1024) {
    this.#onDrain = onDrain;
    this.#maxBytes = maxBytes;
  }

  /** Takes ownership of `data`. False asks the writer to wait. */
  push(channel: StdioChannel, data: Buffer): boolean {
    if (this.#ended || data.length === 0) return true;
    if (this.#bytes + data.length > this.#maxBytes) {
      this.#droppedBytes += data.length;
      this.#writerWaits = true;
      return false;
    }
    this.#enqueue(channel, data);
    this.#wake?.();
    if (this.#bytes < highWaterMarkBytes) return true;
    this.#writerWaits = true;
    return false;
  }

  /** No more output: a consumer gets what is left and then the end. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Everything from now on, until `end` or the signal. */
  async *read(signal: AbortSignal): AsyncGenerator<StdioChunk, void, undefined> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted) {
        const chunk = this.#take();
        if (chunk !== undefined) yield chunk;
        else if (this.#ended) return;
        else await this.#untilWoken();
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  #enqueue(channel: StdioChannel, data: Buffer): void {
    const last = this.#queue.at(-1);
    if (last !== undefined && last.channel === channel && last.bytes + data.length <= chunkBytes) {
      last.parts.push(data);
      last.bytes += data.length;
    } else {
      this.#queue.push({ channel, parts: [data], bytes: data.length });
    }
    this.#bytes += data.length;
  }

  #take(): StdioChunk | undefined {
    const first = this.#queue.shift();
    if (first !== undefined) {
      this.#bytes -= first.bytes;
      this.#tellOfRoom();
      return { channel: first.channel, data: Buffer.concat(first.parts) };
    }
    if (this.#droppedBytes === 0) return undefined;
    const note = `\n[drawbar: ${this.#droppedBytes} bytes of output were dropped: nobody read them in time]\n`;
    this.#droppedBytes = 0;
    return { channel: 2, data: Buffer.from(note) };
  }

  #tellOfRoom(): void {
    if (!this.#writerWaits || this.#bytes >= highWaterMarkBytes) return;
    this.#writerWaits = false;
    this.#onDrain();
  }

  #untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
