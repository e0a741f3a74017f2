import type { Socket } from "node:net";
import type { ExitStatus } from "../errors.ts";

/** A plugin's process, however it was started: what the rest of a plugin's life needs of it. */
export interface RunningProcess {
  /** The process id; 0 for a runner's plugin that has none here. */
  readonly pid: number;
  /** What names it to people: the process id, or whatever a runner calls it. */
  readonly id: string;
  /** The folder of the private copy that it was started from, if it was. */
  readonly copyFolder?: string | undefined;
  /**
   * Resolves once the process is over and its output is read to the end; where it leads a group of processes, once
   * that is over too. Never rejects.
   */
  readonly exited: Promise<ExitStatus>;
  /** How it ended; undefined while it runs. */
  readonly status: ExitStatus | undefined;
  /** Sends a signal; without effect once the process is over. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
  /**
   * The connection that it was started with, to serve if it knows of it: once, and to be destroyed by whoever takes it.
   * One that nobody takes ends with the process.
   */
  takeConnection?(): Socket | undefined;
  /** Its end is near: one that has to be looked at is looked at more often. */
  expectEnd?(): void;
  /** This host is done with it, and it goes on: it must not keep this process alive. */
  letGo?(): void;
}
