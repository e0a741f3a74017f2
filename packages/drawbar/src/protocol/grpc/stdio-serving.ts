import { type HandlerContext, StatusError } from "@drawbar/grpc";
import type { Clock } from "@drawbar/io";
import { within } from "../../terminate/within.ts";
import { finishMs, type StdioBuffer, type StdioChunk } from "../stdio-buffer.ts";

/** Gives a plugin's output to the one host that asked for it first. */
export class StdioServing {
  readonly #buffer: StdioBuffer;
  readonly #clock: Clock;
  #reader: Promise<void> | undefined;

  constructor(buffer: StdioBuffer, clock: Clock) {
    this.#buffer = buffer;
    this.#clock = clock;
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

  /**
   * No more output. Resolves once the host has what is left, or has had its time.
   *
   * @param received resolves once hosts have received all that was sent to them so far; never rejects
   */
  async finish(received: () => Promise<unknown>): Promise<void> {
    this.#buffer.end();
    // What the reader took may still wait in this process for the host to read.
    await within(Promise.resolve(this.#reader).then(received), finishMs, this.#clock);
  }
}
