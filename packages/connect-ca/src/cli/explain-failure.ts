import { UsageError } from "./usage-error.ts";

/** What a program that failed ends with. */
export interface FailedEnd {
  readonly exitCode: 1 | 2;
  readonly stderr: string;
}

/** Exit code 1 and why in a line, or 2 with the usage as well for command lines that nobody understands. */
export function explainFailure(error: unknown, name: string, usage: string): FailedEnd {
  const isUsage = error instanceof UsageError || codeOf(error).startsWith("ERR_PARSE_ARGS_");
  const line = `${name}: ${describe(error)}\n`;
  return isUsage ? { exitCode: 2, stderr: `${line}\n${usage}` } : { exitCode: 1, stderr: line };
}

// The system's word on a file is often in the cause alone.
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const isTold =
    !(cause instanceof Error) || !/^E[A-Z]+$/.test(codeOf(cause)) || message.includes(codeOf(cause));
  return isTold ? message : `${message}: ${cause.message}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
