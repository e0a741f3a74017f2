/**
 * Runs a program's main function. What it throws is printed, and the exit code is 1, or 2 with the usage for
 * options that nobody understands.
 */
export async function runProgram(name: string, usage: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isUsage =
      error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name}: ${message}\n${isUsage ? `\n${usage}` : ""}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
