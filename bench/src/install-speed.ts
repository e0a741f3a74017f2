import { execFileSync, spawn } from "node:child_process";
import { createHash, randomFillSync } from "node:crypto";
import { once } from "node:events";
import { createReadStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Plugins } from "@drawbar/install";
import { median } from "./statistics.ts";

const server = fileURLToPath(new URL("./contenders/file-server.js", import.meta.url));

/** How fast an archive is downloaded, hashed and unpacked, in megabytes (10^6 bytes) of the archive a second. */
export interface InstallFigures {
  readonly oursMbps: number;
  readonly curlMbps: number;
  /** ours / curl */
  readonly ratio: number;
}

/**
 * Installs a plugin from a server of this machine, with an empty cache and root, in turn with
 * `curl | sha256sum | tar`. The archive is a tar.gz of one program of random bytes, so that gzip has little to do.
 */
export async function measureInstall(archiveBytes: number, rounds: number): Promise<InstallFigures> {
  const scratch = mkdtempSync(join(tmpdir(), "drawbar-bench-"));
  const { archive, digest } = await makeArchive(scratch, archiveBytes);
  const serving = spawn(process.execPath, [server, archive], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const [port] = (await once(serving.stdout, "data")) as [Buffer];
    const url = `http://127.0.0.1:${String(port).trim()}/kv.tar.gz`;
    const ours: number[] = [];
    const curl: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const oursMs = await timed(scratch, (folder) => install(url, digest, folder));
      const curlMs = await timed(scratch, async (folder) => pipeline(url, digest, folder));
      // The first of each warms the file cache.
      if (round === 0) continue;
      ours.push(archiveBytes / 1000 / oursMs);
      curl.push(archiveBytes / 1000 / curlMs);
    }
    const ratios = ours.map((mbps, round) => mbps / (curl[round] ?? Number.NaN));
    return { oursMbps: median(ours), curlMbps: median(curl), ratio: median(ratios) };
  } finally {
    serving.stdin.end();
    rmSync(scratch, { recursive: true });
  }
}

async function install(url: string, digest: string, folder: string): Promise<void> {
  const plugins = new Plugins({
    root: join(folder, "root"),
    cacheFolder: join(folder, "cache"),
    lockFile: join(folder, "drawbar.lock.json"),
  });
  await plugins.install({ name: "kv", source: `${url}?checksum=sha256:${digest}`, version: "1.0.0" });
}

function pipeline(url: string, digest: string, folder: string): void {
  const script = `set -eo pipefail; curl -sS "$0" | tee >(sha256sum > sum) | tar -xz; wait; cat sum`;
  const sum = execFileSync("bash", ["-c", script, url], { cwd: folder, encoding: "utf8" });
  if (!sum.startsWith(digest)) throw new Error(`bench: curl fetched other bytes: ${sum}`);
}

async function timed(scratch: string, work: (folder: string) => Promise<void>): Promise<number> {
  const folder = join(scratch, "round");
  mkdirSync(folder);
  const begin = performance.now();
  await work(folder);
  const ms = performance.now() - begin;
  rmSync(folder, { recursive: true });
  return ms;
}

async function makeArchive(folder: string, bytes: number): Promise<{ archive: string; digest: string }> {
  const program = randomFillSync(Buffer.alloc(bytes));
  program.write("#!/bin/sh\nexit 0\n");
  writeFileSync(join(folder, "kv"), program);
  const archive = join(folder, "kv.tar.gz");
  execFileSync("bash", ["-c", 'tar -c kv | gzip -1 > "$0"', archive], { cwd: folder });
  rmSync(join(folder, "kv"));
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(archive)) hash.update(chunk as Buffer);
  return { archive, digest: hash.digest("hex") };
}
