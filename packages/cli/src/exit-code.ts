import { constants } from "node:os";
import { Interruption } from "./interruption.ts";

/** What the process says by its exit code; shown by `drawbar --help`. */
export const exitCode = {
  ok: 0,
  /** The command was understood and failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
} as const;

/** Of a call that failed with this gRPC status (1 to 16), as grpcurl has it. */
export function grpcExitCode(status: number): number {
  return 64 + status;
}

/** Of a run that was ended early: 128 and the signal's number, as shells have it. @param reason of the abort */
export function endedExitCode(reason: unknown): number {
  return 128 + constants.signals[reason instanceof Interruption ? reason.signal : "SIGINT"];
}
