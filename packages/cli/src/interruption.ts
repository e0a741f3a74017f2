/** Why a run is to end early: the reason of its signal's abort. */
export class Interruption extends Error {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE";

  /** @param signal SIGPIPE: nobody reads the results any more */
  constructor(signal: Interruption["signal"]) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}
