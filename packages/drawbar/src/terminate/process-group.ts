import type { Clock } from "@drawbar/io";

type EndSignal = "SIGTERM" | "SIGKILL";

const pollMs = 10;
// Killed processes are gone at once, unless nobody waits for them: then they stay as zombies, which harm nothing.
const afterKillMs = 500;

/**
 * The processes of a group whose leader this process has started: the leader, and what it started that did not go into
 * a group of its own. While one of them is there, the group's number is given to no other process.
 */
export class ProcessGroup {
  readonly #id: number;
  #sent: EndSignal | undefined;

  constructor(id: number) {
    this.#id = id;
  }

  /** Sends a signal to all of them; without effect once there is none. */
  kill(signal: EndSignal): void {
    this.#sent = signal;
    try {
      process.kill(-this.#id, signal);
    } catch {
      // None is left, or none that is ours to signal.
    }
  }

  /**
   * Ends those that are left when the leader is over: SIGTERM, unless they had it, and SIGKILL after the time.
   * Resolves when none is left. Never rejects.
   */
  async end(terminateTimeoutMs: number, clock: Clock): Promise<void> {
    if (this.#isGone()) return;
    if (this.#sent === undefined) this.kill("SIGTERM");
    if (this.#sent === "SIGTERM" && !(await this.#goneWithin(terminateTimeoutMs, clock)))
      this.kill("SIGKILL");
    await this.#goneWithin(afterKillMs, clock);
  }

  async #goneWithin(timeoutMs: number, clock: Clock): Promise<boolean> {
    for (let waitedMs = 0; !this.#isGone(); waitedMs += pollMs) {
      if (waitedMs >= timeoutMs) return false;
      await new Promise<void>((resolve) => clock.setTimer(pollMs, resolve));
    }
    return true;
  }

  #isGone(): boolean {
    try {
      process.kill(-this.#id, 0);
      return false;
    } catch (error) {
      // EPERM: there are some, and they are another user's.
      return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
  }
}
