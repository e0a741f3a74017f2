import type { Clock, Timer } from "@drawbar/io";

/** How a plugin can tell that its host is gone. */
export interface OrphanWatchOptions {
  readonly clock: Clock;
  /** The parent that the process began with. */
  readonly initialParentPid: number;
  readonly parentPid: () => number;
  /** False once nobody can read our stdout any more. */
  readonly stdoutIsRead: () => boolean;
  /** Called once. */
  readonly onOrphaned: () => void;
}

const firstDelayMs = 10;
const longestDelayMs = 250;

/**
 * Notices when the host is gone without having said so. While a host is connected this costs nothing: its
 * death closes the connection. Without a connection, before the first and after the last, it looks four
 * times a second whether the parent process changed, and whether stdout has a reader: that holds for a host
 * behind a shell or a wrapper too, which stays our parent.
 */
export class OrphanWatch {
  readonly #options: OrphanWatchOptions;
  #connections = 0;
  #delayMs = firstDelayMs;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: OrphanWatchOptions) {
    this.#options = options;
  }

  /** To be called when a host may have connected: one that has needs no looking. */
  start(): void {
    this.#schedule();
  }

  connected(): void {
    this.#connections++;
    this.#timer?.cancel();
  }

  disconnected(): void {
    this.#connections--;
    this.#delayMs = firstDelayMs;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    if (this.#stopped || this.#connections > 0) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(this.#delayMs, () => this.#look());
  }

  #look(): void {
    const { initialParentPid, parentPid, stdoutIsRead, onOrphaned } = this.#options;
    const settled = this.#delayMs >= longestDelayMs;
    if (parentPid() !== initialParentPid || (settled && !stdoutIsRead())) {
      this.stop();
      onOrphaned();
      return;
    }
    this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs);
    this.#schedule();
  }
}
