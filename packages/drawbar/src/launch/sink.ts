import type { Logger } from "../log/logger.ts";

/**
 * Where a plugin's output goes: a node Writable, or anything with `write`. A sink that answers false and emits
 * `drain` is waited for, so that a slow one holds the plugin back instead of growing.
 */
export interface Sink {
  write(chunk: Uint8Array): unknown;
}

type DrainEvent = "drain" | "close" | "error";

interface DrainingSink extends Sink {
  on(event: DrainEvent, listener: () => void): unknown;
  off(event: DrainEvent, listener: () => void): unknown;
}

/** Writes to one sink so that nothing it does can harm the host. */
export class SafeSink {
  readonly #sink: Sink | undefined;
  readonly #name: string;
  readonly #logger: Logger;
  #complained = false;

  constructor(sink: Sink | undefined, name: string, logger: Logger) {
    this.#sink = sink;
    this.#name = name;
    this.#logger = logger;
  }

  /** Returns a promise only when the sink wants to be waited for. The sink owns `chunk`. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    const sink = this.#sink;
    if (sink === undefined) return undefined;
    try {
      if (sink.write(chunk) === false && isDraining(sink)) return untilDrained(sink);
    } catch (error) {
      if (!this.#complained)
        this.#logger.error(`the host's ${this.#name} sink threw; its output is lost`, { error });
      this.#complained = true;
    }
    return undefined;
  }
}

function isDraining(sink: Sink): sink is DrainingSink {
  const { on, off, destroyed } = sink as Partial<DrainingSink & { destroyed: boolean }>;
  return typeof on === "function" && typeof off === "function" && destroyed !== true;
}

const drainEvents: readonly DrainEvent[] = ["drain", "close", "error"];

function untilDrained(sink: DrainingSink): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of drainEvents) sink.off(event, done);
      resolve();
    };
    for (const event of drainEvents) sink.on(event, done);
  });
}
