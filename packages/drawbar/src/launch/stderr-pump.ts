import { StderrClassifier } from "../log/classify-stderr-line.ts";
import type { Logger } from "../log/logger.ts";
import { type LineKind, LineSplitter } from "./line-splitter.ts";
import type { RecentLines } from "./recent-lines.ts";
import type { SafeSink } from "./sink.ts";

/** Where a plugin's stderr goes. */
export interface StderrTargets {
  /** Gets each line again, at the level that the plugin gave it. */
  readonly logger: Logger;
  /** Gets the bytes as they come. */
  readonly sink: SafeSink;
  readonly recent: RecentLines;
  /** Longer lines are logged in pieces. Default 64 KiB. */
  readonly maxLineBytes: number;
}

/** Carries a plugin's stderr into the host's log, by go-plugin's rules; never throws. */
export class StderrPump {
  readonly #targets: StderrTargets;
  readonly #classifier: StderrClassifier;
  readonly #splitter: LineSplitter;

  constructor(targets: StderrTargets) {
    this.#targets = targets;
    this.#classifier = new StderrClassifier(targets.logger.level);
    this.#splitter = new LineSplitter((line, kind) => this.#onLine(line, kind), targets.maxLineBytes);
  }

  /** Returns a promise when the sink wants the source to wait. */
  push(chunk: Buffer): Promise<void> | undefined {
    const wait = this.#targets.sink.write(chunk);
    this.#splitter.push(chunk);
    return wait;
  }

  end(): void {
    this.#splitter.end();
  }

  #onLine(line: Buffer, kind: LineKind): void {
    const { logger, recent } = this.#targets;
    recent.add(line);
    if (logger.level === "off") return;
    // A piece of a long line can be neither JSON nor anything with a level at its front.
    if (kind !== "line") {
      logger.debug(line.toString("utf8"));
      return;
    }
    const entry = this.#classifier.classify(line.toString("utf8"));
    if (entry !== undefined) logger[entry.level](entry.message, entry.fields);
  }
}
