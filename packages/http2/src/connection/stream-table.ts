import type { Stream } from "./stream.ts";
import type { StreamState } from "./stream-state.ts";

// After our RST_STREAM the peer's frames may still be on their way; of so many streams we remember it.
const maxRemembered = 1024;

/** The streams of a connection, and what must be remembered of those that are gone. */
export class StreamTable {
  readonly #streams = new Map<number, Stream>();
  readonly #resetByUs = new Set<number>();
  // Below this number we no longer know which streams we had reset, and give the benefit of the doubt.
  #forgottenId = 0;

  get size(): number {
    return this.#streams.size;
  }

  get(id: number): Stream | undefined {
    return this.#streams.get(id);
  }

  add(stream: Stream): void {
    this.#streams.set(stream.id, stream);
  }

  remove(id: number): void {
    this.#streams.delete(id);
  }

  all(): Stream[] {
    return [...this.#streams.values()];
  }

  clear(): void {
    this.#streams.clear();
  }

  /** To be called when we send RST_STREAM: frames that follow are ignored (RFC 9113 §5.1). */
  rememberReset(id: number): void {
    this.#resetByUs.add(id);
    if (this.#resetByUs.size <= maxRemembered) return;
    const oldest = this.#resetByUs.values().next().value ?? 0;
    this.#resetByUs.delete(oldest);
    this.#forgottenId = Math.max(this.#forgottenId, oldest);
  }

  /** The state of a stream that is not in the table; `ignored` where its frames are of no interest. */
  stateOfAbsent(id: number, isIdle: boolean): StreamState | "ignored" {
    if (isIdle) return "idle";
    return this.#resetByUs.has(id) || id <= this.#forgottenId ? "ignored" : "closed";
  }
}
