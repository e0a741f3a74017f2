import type { ExitStatus } from "../errors.ts";

/** A plugin's process, however it was started: what the rest of a plugin's life needs of it. */
export interface RunningProcess {
  readonly pid: number;
  /** Resolves once the process is over and its output is read to the end. Never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** How it ended; undefined while it runs. */
  readonly status: ExitStatus | undefined;
  /** Sends a signal; without effect once the process is over. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}
