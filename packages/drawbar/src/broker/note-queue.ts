import type { ConnInfo } from "./conn-info.ts";

/**
 * Notes on their way to the other side. They wait while no stream carries them, and are lost with the
 * stream that has taken them.
 */
export class NoteQueue {
  readonly #notes: ConnInfo[] = [];
  readonly #wakers = new Set<() => void>();
  #closed = false;

  push(note: ConnInfo): void {
    if (this.#closed) return;
    this.#notes.push(note);
    this.#wake();
  }

  /** Ends every stream of notes once what is queued has been taken. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** The notes for one stream, until `close` or the signal. */
  async *read(signal: AbortSignal): AsyncGenerator<ConnInfo, void, undefined> {
    while (!signal.aborted) {
      const note = this.#notes.shift();
      if (note !== undefined) yield note;
      else if (this.#closed) return;
      else await this.#untilWoken(signal);
    }
  }

  #wake(): void {
    for (const waker of this.#wakers) waker();
  }

  #untilWoken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waker = (): void => {
        this.#wakers.delete(waker);
        signal.removeEventListener("abort", waker);
        resolve();
      };
      this.#wakers.add(waker);
      signal.addEventListener("abort", waker);
    });
  }
}
