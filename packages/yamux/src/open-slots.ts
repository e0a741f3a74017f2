import type { Clock } from "@drawbar/io";
import { DeadlineQueue } from "./deadline-queue.ts";
import type { SessionStream } from "./stream.ts";
import { isUnanswered, type StreamState } from "./stream-state.ts";

/**
 * Streams on their way to be open: as many as the peer's backlog takes have their SYN out and unanswered,
 * the others wait for one of those. Upstream's opener waits in the same way.
 */
export class OpenSlots {
  readonly #limit: number;
  readonly #waiting = new Set<SessionStream>();
  readonly #unanswered: DeadlineQueue<SessionStream>;
  #unansweredCount = 0;
  #closed = false;

  /** @param timeoutMs longest time for an answer, 0 for no limit; then `onTimeout` is called */
  constructor(clock: Clock, limit: number, timeoutMs: number, onTimeout: (stream: SessionStream) => void) {
    this.#limit = limit;
    this.#unanswered = new DeadlineQueue(clock, timeoutMs, onTimeout);
  }

  /** Streams whose SYN has not been sent. */
  get waiting(): readonly SessionStream[] {
    return [...this.#waiting];
  }

  /** Sends the stream's SYN as soon as there is a slot. */
  add(stream: SessionStream): void {
    this.#waiting.add(stream);
    this.#fill();
  }

  /** To be told of every stream that goes from one state to another. */
  moved(stream: SessionStream, from: StreamState, to: StreamState): void {
    if (to === "closed") this.#waiting.delete(stream);
    if (isUnanswered(to) && !isUnanswered(from)) {
      this.#unansweredCount++;
      this.#unanswered.add(stream);
    }
    // A stream that was ended here has the limit for half-closed ones instead.
    if (to !== "opening") this.#unanswered.delete(stream);
    if (isUnanswered(from) && !isUnanswered(to)) {
      this.#unansweredCount--;
      this.#fill();
    }
  }

  /** Opens nothing from here on. */
  close(): void {
    this.#closed = true;
    this.#unanswered.clear();
  }

  #fill(): void {
    for (const stream of this.#waiting) {
      if (this.#closed || this.#unansweredCount >= this.#limit) return;
      this.#waiting.delete(stream);
      stream.sendSyn();
    }
  }
}
