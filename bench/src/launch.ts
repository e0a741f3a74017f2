import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PluginClient } from "drawbar";
import { handshake, plugins } from "./contenders/shared.ts";
import { median } from "./statistics.ts";

// The contender's plugin as `drawbar build` makes one file of it, which `npm run bench` has it do: with --train, as it
// does by itself, and with --no-code-cache. They lie as installed plugins do, outside of packages of ES modules.
const trained = bundled("plugin-trained");
const untrained = bundled("plugin");
const uncompiled = bundled("plugin-uncompiled");

/** What a launch costs beyond node's own start, and what a plugin that does nothing holds. */
export interface LaunchFigures {
  /** Milliseconds from launch to the first answer, less those of a bare `node -e 0`, of the file that was trained. */
  readonly minusNodeMs: number;
  /** The same with AutoMTLS. */
  readonly mtlsMinusNodeMs: number;
  /** The same as the first, of the file that was not trained. */
  readonly untrainedMinusNodeMs: number;
  /** The same, of the file without compiled code: what another version of node makes of each of them. */
  readonly uncompiledMinusNodeMs: number;
  /** Kilobytes (10^3 bytes) of these files. */
  readonly fileKb: { readonly trained: number; readonly untrained: number; readonly uncompiled: number };
  /** Resident megabytes (10^6 bytes) of the plugin after one call; NaN where /proc does not tell. */
  readonly idlePluginMb: number;
}

/** Launches a bare node and each of our plugins in turn, `launches` times each. */
export async function measureLaunch(launches: number): Promise<LaunchFigures> {
  const bare: number[] = [];
  const residents: number[] = [];
  const [plain, mtls, whole, slow]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let launch = 0; launch <= launches; launch++) {
    const bareMs = await timeBareNode();
    const { launchMs, residentMb } = await timeLaunch(trained, false);
    const { launchMs: mtlsMs } = await timeLaunch(trained, true);
    const { launchMs: wholeMs } = await timeLaunch(untrained, false);
    const { launchMs: slowMs } = await timeLaunch(uncompiled, false);
    // The first of each warms the file cache.
    if (launch === 0) continue;
    bare.push(bareMs);
    plain.push(launchMs);
    mtls.push(mtlsMs);
    whole.push(wholeMs);
    slow.push(slowMs);
    residents.push(residentMb);
  }
  const minusNode = (times: readonly number[]): number => median(times) - median(bare);
  return {
    minusNodeMs: minusNode(plain),
    mtlsMinusNodeMs: minusNode(mtls),
    untrainedMinusNodeMs: minusNode(whole),
    uncompiledMinusNodeMs: minusNode(slow),
    fileKb: {
      trained: kilobytes(trained),
      untrained: kilobytes(untrained),
      uncompiled: kilobytes(uncompiled),
    },
    idlePluginMb: median(residents),
  };
}

function bundled(name: string): string {
  return fileURLToPath(new URL(`../bundle/installed/${name}`, import.meta.url));
}

function kilobytes(file: string): number {
  return statSync(file).size / 1000;
}

async function timeBareNode(): Promise<number> {
  const begin = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - begin;
}

async function timeLaunch(
  plugin: string,
  autoMtls: boolean,
): Promise<{ launchMs: number; residentMb: number }> {
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
