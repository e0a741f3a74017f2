/** What the process says by its exit code; shown by `drawbar --help`. */
export const exitCode = {
  ok: 0,
  /** The command was understood and failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Ended by SIGINT. */
  interrupted: 130,
} as const;

/** Of a call that failed with this gRPC status (1 to 16), as grpcurl has it. */
export function grpcExitCode(status: number): number {
  return 64 + status;
}
