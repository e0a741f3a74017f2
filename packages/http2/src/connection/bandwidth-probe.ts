/**
 * Finds how large a stream's window must be to fill the connection: what arrives between a PING and its
 * acknowledgement is the bandwidth-delay product. If that comes near the window, the window is the
 * bottleneck and is doubled.
 */
export class BandwidthProbe {
  readonly #maxBytes: number;
  #windowBytes: number;
  #sampleBytes = 0;
  #probing = false;

  constructor(windowBytes: number, maxBytes: number) {
    this.#windowBytes = windowBytes;
    this.#maxBytes = maxBytes;
  }

  /** What stream windows should grow to. */
  get windowBytes(): number {
    return this.#windowBytes;
  }

  receive(bytes: number): void {
    this.#sampleBytes += bytes;
  }

  /** True if a PING should be sent now; to be asked when a stream has used half of its window. */
  begin(): boolean {
    if (this.#probing || this.#windowBytes >= this.#maxBytes) return false;
    this.#probing = true;
    this.#sampleBytes = 0;
    return true;
  }

  /** The PING was acknowledged. */
  complete(): void {
    this.#probing = false;
    // Two thirds, as the peer also waits for our updates: a full window is seldom seen in one sample.
    if (this.#sampleBytes * 3 < this.#windowBytes * 2) return;
    this.#windowBytes = Math.min(this.#maxBytes, this.#windowBytes * 2);
  }
}
