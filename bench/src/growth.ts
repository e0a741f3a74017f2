import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Memory } from "./growth/settled-memory.ts";

const run = promisify(execFile);
const host = fileURLToPath(new URL("./growth/host.js", import.meta.url));

/** By how many bytes a host and its plugin have grown. */
export interface Growth {
  readonly host: Memory;
  readonly plugin: Memory;
}

/**
 * Makes unary calls, or brokered connections (accepted, dialled, called on, closed; half in each direction), between
 * a host and a plugin that do nothing else, and tells what is left of them, after a warm-up of a tenth.
 */
export async function measureGrowth(kind: "calls" | "broker", count: number): Promise<Growth> {
  const { stdout } = await run(process.execPath, ["--expose-gc", host, kind, String(count)]);
  return JSON.parse(stdout) as Growth;
}
