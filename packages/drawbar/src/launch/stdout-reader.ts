import { looksLikeHandshake } from "../handshake/read-handshake-line.ts";
import type { Logger } from "../log/logger.ts";
import { type LineKind, LineSplitter } from "./line-splitter.ts";

const maxNoiseLines = 20;
const maxNoiseChars = 1024;

/**
 * Reads a plugin's stdout: finds the handshake line, and keeps what a chatty library prints before it for
 * the log and for the error. After the handshake, stdout has no meaning; it is read so that it cannot block
 * the plugin.
 */
export class StdoutReader {
  readonly #logger: Logger;
  readonly #splitter: LineSplitter;
  readonly #noise: string[] = [];
  #onHandshake: ((line: string) => void) | undefined;
  #lastKind: LineKind = "line";

  constructor(logger: Logger, onHandshake: (line: string) => void) {
    this.#logger = logger;
    this.#onHandshake = onHandshake;
    this.#splitter = new LineSplitter((line, kind) => this.#onLine(line, kind));
  }

  /** The first lines that were not the handshake, shortened. */
  get noise(): readonly string[] {
    return this.#noise;
  }

  push(chunk: Buffer): undefined {
    this.#splitter.push(chunk);
  }

  end(): void {
    this.#splitter.end();
  }

  #onLine(bytes: Buffer, kind: LineKind): void {
    const onHandshake = this.#onHandshake;
    if (onHandshake === undefined) {
      if (this.#logger.level !== "off" && bytes.length > 0)
        this.#logger.debug(`stdout: ${bytes.toString("utf8")}`);
      return;
    }
    const line = bytes.toString("utf8");
    if (kind === "line" && looksLikeHandshake(line)) {
      this.#onHandshake = undefined;
      onHandshake(line);
    } else if (kind === "line" || (kind === "piece" && this.#lastKind !== "piece")) {
      this.#keep(line);
    }
    this.#lastKind = kind;
  }

  #keep(line: string): void {
    if (line.trim() === "") return;
    // Of a line over the limit, the beginning is enough.
    const short = line.length > maxNoiseChars ? `${line.slice(0, maxNoiseChars)}…` : line;
    if (this.#noise.length < maxNoiseLines) this.#noise.push(short);
    this.#logger.info(`stdout before the handshake: ${short}`);
  }
}
