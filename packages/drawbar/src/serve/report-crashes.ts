import { writeRealStderr } from "./real-stderr.ts";

/**
 * Says what ends the process, a throw or a rejection that nobody handles, in the words of a Go panic: hosts log
 * that line and all that follows as errors. Node prints the rest itself.
 */
export function reportCrashes(): void {
  process.on("uncaughtExceptionMonitor", (error: unknown) => {
    // A program with a handler of its own lives on, and its host must not take later lines for a crash.
    if (process.listenerCount("uncaughtException") > 0) return;
    writeRealStderr(`panic: ${describe(error)}\n`);
  });
}

// Anything can be thrown, also what throws when it is turned into text. One line: the host judges by its start.
function describe(error: unknown): string {
  try {
    return String(error).replaceAll("\n", " ");
  } catch {
    return "a value that cannot be shown was thrown";
  }
}
