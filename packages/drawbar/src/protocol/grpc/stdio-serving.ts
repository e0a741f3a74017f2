import { type HandlerContext, StatusError } from "@drawbar/grpc";
import type { StdioBuffer, StdioChunk } from "../stdio-buffer.ts";

// How long the last output may take to the host once the plugin ends.
const finishMs = 500;

/** Gives a plugin's output to the one host that asked for it first. */
export class StdioServing {
  readonly #buffer: StdioBuffer;
  #reader: Promise<void> | undefined;

  constructor(buffer: StdioBuffer) {
    this.#buffer = buffer;
  }

  /** The output as one stream; refused while another one reads. */
  async *read(context: HandlerContext): AsyncGenerator<StdioChunk, void, undefined> {
    if (this.#reader !== undefined) {
      throw new StatusError("FAILED_PRECONDITION", "the plugin's output is being read by another stream");
    }
    let done = (): void => {};
    this.#reader = new Promise((resolve) => {
      done = resolve;
    });
    try {
      yield* this.#buffer.read(context.signal);
    } finally {
      this.#reader = undefined;
      done();
    }
  }

  /** No more output; resolves once the reader has what is left, or has had its time. */
  async finish(): Promise<void> {
    this.#buffer.end();
    if (this.#reader === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      this.#reader,
      new Promise((resolve) => {
        timer = setTimeout(resolve, finishMs);
      }),
    ]);
    clearTimeout(timer);
  }
}
