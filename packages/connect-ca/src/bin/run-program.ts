import { UsageError } from "../cli/usage-error.ts";

/**
 * Runs a program's main function. What it throws is printed, and the exit code is 1, or 2 with the usage for
 * command lines that nobody understands.
 */
export async function runProgram(name: string, usage: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isUsage = error instanceof UsageError || codeOf(error).startsWith("ERR_PARSE_ARGS_");
    process.stderr.write(`${name}: ${describe(error)}\n${isUsage ? `\n${usage}` : ""}`);
    process.exitCode = isUsage ? 2 : 1;
  }
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
