import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a program ended, and what it wrote. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An executable of examples/, by its path there. */
export function example(path: string): string {
  // From conformance/dist/drawbar, where this file runs.
  return fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url));
}

/**
 * The same program as `drawbar build` makes it, which starts in half the time; those that scripts/lib/test-plugins.mjs
 * lists. A host finds no plugin of its own beside it.
 */
export function builtExample(path: string): string {
  return fileURLToPath(new URL(`../../bundle/${path.replace("/", "-")}`, import.meta.url));
}

/** Runs a program in `cwd` to its end, with `env` over this process's environment and nothing on stdin. */
export function runProgram(
  command: readonly [string, ...string[]],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const [file, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    const written = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      written.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      written.stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...written }));
  });
}
