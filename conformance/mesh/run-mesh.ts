import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

// From conformance/dist/mesh, where this file runs.
const program = fileURLToPath(new URL("../../../examples/mesh/dist/demo.js", import.meta.url));

/** What became of a run of the example. */
export interface MeshRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it left in its temporary folder. */
  readonly left: readonly string[];
  /** Processes that it named and that are still there. */
  readonly alive: readonly number[];
}

/**
 * Runs the example to its end, with a temporary folder of its own.
 *
 * @param vaultBin the Vault to start; "" for none
 * @param onOutput is told of all of stdout so far, whenever there is more
 */
export async function runMesh(
  vaultBin: string,
  onOutput: (stdout: string, child: ChildProcessByStdio<null, Readable, Readable>) => void = () => {},
): Promise<MeshRun> {
  const folder = mkdtempSync(join(tmpdir(), "mesh-"));
  try {
    const { CA_VAULT_ADDR: _, ...env } = process.env;
    const child = spawn(process.execPath, [program], {
      env: { ...env, VAULT_BIN: vaultBin, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onOutput(stdout, child);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    const named = [...stdout.matchAll(/\bprocess (\d+)/g)].map(([, pid]) => Number(pid));
    return { code, signal, stdout, stderr, left: readdirSync(folder), alive: named.filter(isAlive) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
