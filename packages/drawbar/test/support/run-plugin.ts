import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { handshake } from "./launch-node.ts";

/** A plugin program started without drawbar's host, as its process and its streams are. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** The first line on stdout, or undefined if there was none. */
  readonly firstLine: Promise<string | undefined>;
  /** Resolves with all of stdout so far once a line of it matches. */
  readonly untilLine: (pattern: RegExp) => Promise<string>;
  /** Resolves with the exit code, or the signal, and all of stderr. */
  readonly exited: Promise<{ code: number | string | null; stderr: string }>;
}

/** The variables that a host gives. */
export const hostEnv: Record<string, string> = {
  [handshake.magicCookieKey]: handshake.magicCookieValue,
  PLUGIN_PROTOCOL_VERSIONS: "1",
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
};

export function runProgram(
  command: readonly [string, ...string[]],
  env: Record<string, string>,
): RunningProgram {
  const [file, ...args] = command;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const said: string[] = [];
  lines.on("line", (line) => said.push(line));
  const untilLine = async (pattern: RegExp): Promise<string> => {
    while (!said.some((line) => pattern.test(line))) await once(lines, "line");
    return said.join("\n");
  };
  const firstLine = Promise.race([
    once(lines, "line").then(([line]: string[]) => line),
    once(lines, "close").then(() => undefined),
  ]);
  const exited = once(child, "close").then(([code, signal]: (number | string | null)[]) => ({
    code: signal ?? code ?? null,
    stderr,
  }));
  return { child, firstLine, untilLine, exited };
}
