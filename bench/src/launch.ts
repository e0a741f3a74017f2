import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./contenders/shared.ts";
import { median } from "./statistics.ts";

// The plugin as it would be shipped, in one file: `npm run bench` makes it. Loading the same program from the
// files of its packages takes longer, most of it in @bufbuild/protobuf's sixty.
const plugin = fileURLToPath(new URL("../bundle/drawbar-plugin.js", import.meta.url));

/** What a launch costs beyond node's own start, and what a plugin that does nothing holds. */
export interface LaunchFigures {
  /** Milliseconds from launch to the first answer, less those of a bare `node -e 0`. */
  readonly minusNodeMs: number;
  /** The same with AutoMTLS. */
  readonly mtlsMinusNodeMs: number;
  /** Resident megabytes (10^6 bytes) of the plugin after one call; NaN where /proc does not tell. */
  readonly idlePluginMb: number;
}

/** Launches our plugin and a bare node in turn, `launches` times each. */
export async function measureLaunch(launches: number): Promise<LaunchFigures> {
  const ours: number[] = [];
  const oursMtls: number[] = [];
  const bare: number[] = [];
  const residents: number[] = [];
  for (let launch = 0; launch <= launches; launch++) {
    const bareMs = await timeBareNode();
    const { launchMs, residentMb } = await timeLaunch(false);
    const { launchMs: launchMtlsMs } = await timeLaunch(true);
    // The first of each warms the file cache.
    if (launch === 0) continue;
    bare.push(bareMs);
    ours.push(launchMs);
    oursMtls.push(launchMtlsMs);
    residents.push(residentMb);
  }
  return {
    minusNodeMs: median(ours) - median(bare),
    mtlsMinusNodeMs: median(oursMtls) - median(bare),
    idlePluginMb: median(residents),
  };
}

async function timeBareNode(): Promise<number> {
  const begin = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - begin;
}

async function timeLaunch(autoMtls: boolean): Promise<{ launchMs: number; residentMb: number }> {
  const begin = performance.now();
  await using client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: [process.execPath, plugin],
    autoMtls,
  });
  const kv = await client.dispense("kv_grpc");
  await kv.get({ key: "hello" });
  return { launchMs: performance.now() - begin, residentMb: residentMegabytes(client.pid) };
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return Number.NaN;
  }
}
