import type { ByteReceiver, ByteStream, Clock } from "@drawbar/io";
import { within } from "../../terminate/within.ts";
import { finishMs, type StdioBuffer } from "../stdio-buffer.ts";

/** Gives a plugin's output to its hosts: to one after the other, should there be several. */
export class StdioServing {
  readonly #buffer: StdioBuffer;
  readonly #clock: Clock;
  #turn: Promise<void> = Promise.resolve();
  readonly #pipes = new Set<OutputPipe>();

  constructor(buffer: StdioBuffer, clock: Clock) {
    this.#buffer = buffer;
    this.#clock = clock;
  }

  /** Takes a connection's two streams over. */
  attach(stdout: ByteStream, stderr: ByteStream): void {
    const pipes = [this.#pipe(stdout), this.#pipe(stderr)] as const;
    this.#turn = this.#turn.then(() => this.#pump(pipes));
  }

  /**
   * No more output. Resolves once hosts have received all of it, or have had their time.
   *
   * @param received resolves once hosts have received all that was sent to them so far; never rejects
   */
  async finish(received: () => Promise<unknown>): Promise<void> {
    this.#buffer.end();
    await within(this.#turn.then(received), finishMs, this.#clock);
  }

  /** Resolves once hosts have closed their ends too, or the time is up. */
  async closed(timeoutMs: number): Promise<void> {
    await within(Promise.all([...this.#pipes].map((pipe) => pipe.closed)), timeoutMs, this.#clock);
  }

  #pipe(stream: ByteStream): OutputPipe {
    const pipe = new OutputPipe(stream);
    this.#pipes.add(pipe);
    void pipe.closed.then(() => this.#pipes.delete(pipe));
    return pipe;
  }

  async #pump([stdout, stderr]: readonly [OutputPipe, OutputPipe]): Promise<void> {
    for await (const { channel, data } of this.#buffer.read(stdout.signal)) {
      const room = (channel === 1 ? stdout : stderr).write(data);
      if (room !== undefined) await room;
    }
    stdout.end();
    stderr.end();
  }
}

/** A stream that is only written to. What the other side sends on it is dropped. */
class OutputPipe implements ByteReceiver {
  readonly closed: Promise<void>;
  readonly #stream: ByteStream;
  readonly #over = new AbortController();
  #room: (() => void) | undefined;

  constructor(stream: ByteStream) {
    this.#stream = stream;
    this.closed = new Promise((resolve) => this.signal.addEventListener("abort", () => resolve()));
    stream.start(this);
  }

  /** Aborts when the stream is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Returns a promise if there is no more room for now. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.signal.aborted || this.#stream.write(chunk)) return undefined;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  end(): void {
    this.#stream.end();
  }

  onData(): void {}

  onEnd(): void {}

  onDrain(): void {
    this.#room?.();
  }

  onClose(): void {
    this.#over.abort();
    this.#room?.();
  }
}
