import { quote, tooLarge } from "./archive-failure.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

/** Below this much, zeros that compress well are no attack. */
const ratioMattersFromBytes = 16 * 2 ** 20;

/** Counts what one archive has inflated to, and refuses what goes past the limits. */
export class UnpackBudget {
  readonly #limits: UnpackLimits;
  readonly #archiveBytes: number;
  #totalBytes = 0;
  #entries = 0;

  constructor(limits: UnpackLimits, archiveBytes: number) {
    this.#limits = limits;
    this.#archiveBytes = archiveBytes;
  }

  countEntries(count: number): void {
    this.#entries += count;
    const { maxEntries } = this.#limits;
    if (this.#entries > maxEntries) throw tooLarge(`has more than ${maxEntries} entries`, { maxEntries });
  }

  /** Inflated bytes, as they arrive. */
  countBytes(bytes: number): void {
    this.#totalBytes += bytes;
    this.checkTotal(this.#totalBytes);
  }

  /** A total that was counted, or that an archive declares. */
  checkTotal(totalBytes: number): void {
    const { maxTotalBytes, maxRatio } = this.#limits;
    if (totalBytes > maxTotalBytes)
      throw tooLarge(`inflates to more than ${maxTotalBytes} bytes`, { maxTotalBytes });
    if (totalBytes > ratioMattersFromBytes && totalBytes > maxRatio * this.#archiveBytes) {
      throw tooLarge(`inflates to more than ${maxRatio} times its size`, {
        maxRatio,
        archiveBytes: this.#archiveBytes,
      });
    }
  }

  /** One file's length, declared or counted. */
  checkFile(name: string, sizeBytes: number): void {
    const { maxFileBytes } = this.#limits;
    if (sizeBytes > maxFileBytes) {
      throw tooLarge(`has an entry ${quote(name)} of more than ${maxFileBytes} bytes`, {
        entry: name,
        maxFileBytes,
      });
    }
  }
}
