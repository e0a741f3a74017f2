import type { ConnInfo } from "./messages.ts";

/**
 * Host and plugin use a broker to make further connections between them, known by a number. One stream of
 * notes (ConnInfo) about them runs beside the calls, opened by the host right after it connected.
 *
 * For now it keeps that stream, which every host expects; accepting and dialling follow.
 */
export class GrpcBroker {
  #lastId = 0;
  #closed = false;
  readonly #onClose = new Set<() => void>();

  /** A number for a new connection, 1 at first; the side that takes it tells the other in a call. */
  nextId(): number {
    this.#lastId++;
    return this.#lastId;
  }

  /** Ends the streams of notes. */
  close(): void {
    this.#closed = true;
    for (const wake of this.#onClose) wake();
  }

  /** The notes to send, on one stream; ends with `close` or the signal. */
  // biome-ignore lint/correctness/useYield: there is nothing to say before connections can be brokered
  async *outgoing(signal: AbortSignal): AsyncGenerator<ConnInfo, void, undefined> {
    await this.#untilClosed(signal);
  }

  /** Takes the other side's notes, on one stream, until it ends. Never rejects. */
  async receive(incoming: AsyncIterable<ConnInfo>): Promise<void> {
    try {
      // Nothing was offered or asked for, so no note can be an answer.
      for await (const _ of incoming);
    } catch {
      // The stream ends with the connection, whose loss is told elsewhere.
    }
  }

  #untilClosed(signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#onClose.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#onClose.add(done);
      signal.addEventListener("abort", done);
    });
  }
}
