const maxLines = 20;
const maxLineBytes = 1024;

/** The last lines of a plugin's stderr, for errors: at most 20, of each at most its first 1 KiB. */
export class RecentLines {
  // Kept as bytes: under a flood of output nothing is decoded that nobody will read.
  readonly #lines: Buffer[] = [];

  add(line: Buffer): void {
    if (this.#lines.length === maxLines) this.#lines.shift();
    this.#lines.push(Buffer.from(line.subarray(0, maxLineBytes)));
  }

  /** Oldest first. */
  toArray(): string[] {
    return this.#lines.map((line) => line.toString("utf8"));
  }
}
