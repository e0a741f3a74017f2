import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifeline } from "./lifeline.ts";

/** A host that runs as a program of its own. */
export interface HostWithPlugin {
  readonly host: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly lifeline: Lifeline;
  /** What the host said when it was ready. */
  readonly firstOutput: string;
  /** Files that host and plugin left in their temporary folder. */
  leftovers(): string[];
  done(): void;
}

/** Starts a host that launches a plugin, and waits until both are at work. */
export async function startHost(
  command: readonly [string, ...string[]],
  variables: Readonly<Record<string, string>> = {},
): Promise<HostWithPlugin> {
  const lifeline = new Lifeline();
  await lifeline.listen();
  const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
  const [file, ...args] = command;
  const env = { ...process.env, ...variables, LIFELINE: lifeline.path, TMPDIR: folder };
  const host = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<number | null>((resolve) => host.once("exit", resolve));
  const firstOutput = await new Promise<string>((resolve) =>
    host.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString())),
  );
  await lifeline.taken;
  return {
    host,
    exited,
    lifeline,
    firstOutput,
    leftovers: () => readdirSync(folder),
    done: () => {
      lifeline.close();
      rmSync(folder, { recursive: true });
    },
  };
}
