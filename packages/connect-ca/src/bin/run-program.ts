import { explainFailure } from "../cli/explain-failure.ts";

/** Runs a program's main function. What it throws is printed, and decides about the exit code. */
export async function runProgram(name: string, usage: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { exitCode, stderr } = explainFailure(error, name, usage);
    process.stderr.write(stderr);
    process.exitCode = exitCode;
  }
}
