/** `line`: a whole line. `piece`: part of a line over the limit. `last-piece`: the end of such a line. */
export type LineKind = "line" | "piece" | "last-piece";

/** Takes lines without their end (`\n` or `\r\n`); the view is valid only during the call. */
export type OnLine = (line: Buffer, kind: LineKind) => void;

/** Default limit of a line, as go-plugin has it. */
export const defaultMaxLineBytes: number = 64 * 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a byte stream into lines and holds at most `maxLineBytes` of it: a longer line comes in pieces.
 */
export class LineSplitter {
  readonly #onLine: OnLine;
  readonly #maxLineBytes: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #inLongLine = false;

  constructor(onLine: OnLine, maxLineBytes: number = defaultMaxLineBytes) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#append(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
    this.#keepOwnCopy();
  }

  /** The stream ended: what stands without a newline is a line too. */
  end(): void {
    if (this.#keptBytes > 0 || this.#inLongLine) this.#finish();
  }

  #append(part: Buffer): void {
    let rest = part;
    while (this.#keptBytes + rest.length > this.#maxLineBytes) {
      const room = this.#maxLineBytes - this.#keptBytes;
      this.#keep(rest.subarray(0, room));
      rest = rest.subarray(room);
      this.#inLongLine = true;
      this.#onLine(this.#take(), "piece");
    }
    this.#keep(rest);
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#kept.push(part);
    this.#keptBytes += part.length;
  }

  #finish(): void {
    const kind = this.#inLongLine ? "last-piece" : "line";
    this.#inLongLine = false;
    const line = this.#take();
    this.#onLine(line.at(-1) === carriageReturn ? line.subarray(0, -1) : line, kind);
  }

  #take(): Buffer {
    const kept = this.#kept;
    this.#kept = [];
    this.#keptBytes = 0;
    return kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept);
  }

  // Views into the chunk end with the call; one copy also keeps a line of many tiny chunks from many objects.
  #keepOwnCopy(): void {
    if (this.#keptBytes > 0) this.#kept = [Buffer.concat(this.#kept)];
  }
}
