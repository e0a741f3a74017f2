/** What the peer may send, on one stream or on the connection (RFC 9113 §5.2). */
export class ReceiveWindow {
  #windowBytes: number;
  #available: number;
  #unreturned = 0;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
    this.#available = windowBytes;
  }

  /** Takes `bytes` from the window; false if the peer had no right to send so many. */
  receive(bytes: number): boolean {
    this.#available -= bytes;
    return this.#available >= 0;
  }

  /**
   * Notes `bytes` as used, and returns the increment to send now, or 0. Updates wait until they are worth
   * half a window. The window grows to `targetBytes` on the way.
   */
  release(bytes: number, targetBytes: number): number {
    this.#unreturned += bytes;
    if (this.#unreturned * 2 < this.#windowBytes || this.#unreturned === 0) return 0;
    const growth = Math.max(0, targetBytes - this.#windowBytes);
    const increment = this.#unreturned + growth;
    this.#windowBytes += growth;
    this.#available += increment;
    this.#unreturned = 0;
    return increment;
  }
}
