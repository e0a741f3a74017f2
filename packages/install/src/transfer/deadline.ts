import { type Clock, onAbort, type Timer } from "@drawbar/io";
import { InstallError } from "../install-error.ts";

/** A signal that aborts with an InstallError: when a time is over, or because the signal above it aborted. */
export class Deadline {
  readonly #clock: Clock;
  readonly #controller: AbortController = new AbortController();
  readonly #unlink: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, above: AbortSignal) {
    this.#clock = clock;
    this.#unlink = onAbort(above, (reason) => this.#controller.abort(asFailure(reason)));
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts `ms` from now unless it is armed again or disarmed before. */
  arm(ms: number, failure: () => InstallError): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(ms, () => this.#controller.abort(failure()));
  }

  /** Every `ms`, `bytes` more must have been counted by `received`. */
  armStall(ms: number, bytes: number, received: () => number, failure: () => InstallError): void {
    const before = received();
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(ms, () => {
      if (received() - before < bytes) this.#controller.abort(failure());
      else this.armStall(ms, bytes, received, failure);
    });
  }

  /** The reason of its signal, if that has aborted. */
  get failure(): InstallError | undefined {
    return this.signal.aborted ? asFailure(this.signal.reason) : undefined;
  }

  end(): void {
    this.#timer?.cancel();
    this.#unlink();
  }
}

function asFailure(reason: unknown): InstallError {
  return reason instanceof InstallError
    ? reason
    : new InstallError("cancelled", "the transfer was cancelled", { cause: reason });
}
