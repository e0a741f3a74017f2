import { utimes } from "node:fs";
import { dirname } from "node:path";
import type { Clock, Timer } from "@drawbar/io";
import type { Logger } from "../log/logger.ts";

// Cleaners of temporary folders remove what was not touched for days.
const touchMs = 60 * 60_000;

/**
 * Keeps cleaners of temporary folders off a plugin's socket, by touching it every hour, and says so in the log if
 * it is deleted nevertheless: hosts that are connected do not notice, and no other can connect any more.
 */
export class SocketKeeper {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: Timer;

  constructor(path: string, clock: Clock, logger: Logger) {
    this.#path = path;
    this.#clock = clock;
    this.#logger = logger;
    this.#timer = this.#schedule();
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Touches the socket; resolves once that was done or found impossible. */
  async touch(): Promise<void> {
    const now = new Date();
    try {
      await Promise.all([touchFile(this.#path, now), touchFile(dirname(this.#path), now)]);
      this.#timer = this.#schedule();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") return;
      this.#logger.error(
        "the plugin's socket was deleted, so no host can connect any more; exclude it from the cleaning of temporary " +
          "folders and start the plugin anew",
        { path: this.#path },
      );
    }
  }

  #schedule(): Timer {
    return this.#clock.setTimer(touchMs, () => void this.touch());
  }
}

// Without fs.promises, which node loads when it is first looked at: a plugin's start would wait for that.
function touchFile(path: string, time: Date): Promise<void> {
  return new Promise((resolve, reject) => {
    utimes(path, time, time, (error) => (error === null ? resolve() : reject(error)));
  });
}
