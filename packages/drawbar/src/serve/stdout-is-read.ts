import { fstatSync, writeSync } from "node:fs";

/**
 * False once nobody can read this process's stdout any more, which is how a host's death shows behind a shell.
 * Asks by writing an empty line: hosts ignore stdout after the handshake. True where stdout is no pipe.
 */
export function stdoutIsRead(): boolean {
  try {
    const stat = fstatSync(1);
    if (stat.isFIFO() || stat.isSocket()) writeSync(1, "\n");
    return true;
  } catch (error) {
    // Full (EAGAIN) means that there is a reader who does not read.
    return (error as NodeJS.ErrnoException).code !== "EPIPE";
  }
}
