import type { Clock, Timer } from "@drawbar/io";
import { type FoundProcess, findProcess, isSameProcess } from "@drawbar/io/node";
import type { ExitStatus } from "../errors.ts";
import type { RunningProcess } from "../launch/running-process.ts";

// Upstream's period, and a short one while the end is expected.
const pollMs = 1_000;
const expectantPollMs = 20;
const expectantPolls = 150;

/** A process that this one did not start, known by its number: it is looked at again and again. */
export class PidProcess implements RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  readonly #clock: Clock;
  readonly #identity: FoundProcess;
  #status: ExitStatus | undefined;
  #expectantPolls = 0;
  #timer: Timer | undefined;
  #hold: NodeJS.Timeout | undefined;
  #onExit: (status: ExitStatus) => void = () => {};

  private constructor(pid: number, identity: FoundProcess, clock: Clock) {
    this.pid = pid;
    this.#identity = identity;
    this.#clock = clock;
    this.exited = new Promise((resolve) => {
      this.#onExit = resolve;
    });
    this.#schedule();
  }

  /** undefined if there is no such process. */
  static find(pid: number, clock: Clock): PidProcess | undefined {
    const identity = findProcess(pid);
    return identity.kind === "gone" ? undefined : new PidProcess(pid, identity, clock);
  }

  get id(): string {
    return String(this.pid);
  }

  get status(): ExitStatus | undefined {
    return this.#status;
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    this.expectEnd();
    // The number may be another process's by now.
    if (this.#status !== undefined || !isSameProcess(this.pid, this.#identity)) return;
    try {
      process.kill(this.pid, signal);
    } catch {
      // Gone in this moment, or not ours to signal: whoever waits for its end sees that.
    }
  }

  expectEnd(): void {
    this.#expectantPolls = expectantPolls;
    this.#timer?.cancel();
    // No child and soon no socket keeps this process alive, and somebody waits for the end.
    clearTimeout(this.#hold);
    this.#hold = setTimeout(() => {}, expectantPollMs * expectantPolls);
    this.#look();
  }

  letGo(): void {
    this.#timer?.cancel();
    clearTimeout(this.#hold);
  }

  #schedule(): void {
    const delayMs = this.#expectantPolls-- > 0 ? expectantPollMs : pollMs;
    this.#timer = this.#clock.setTimer(delayMs, () => this.#look());
  }

  #look(): void {
    if (this.#status !== undefined) return;
    if (isSameProcess(this.pid, this.#identity)) {
      this.#schedule();
      return;
    }
    // Only a parent learns how its child ended.
    clearTimeout(this.#hold);
    this.#status = { exitCode: undefined, signal: undefined };
    this.#onExit(this.#status);
  }
}
