import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { PluginClient, type PluginSet, type ReattachConfig, type VersionedPlugins } from "drawbar";
import { registry } from "../netrpc-probe.ts";
import { handshake } from "../probe.ts";
import type { OurHostLab, Running } from "./our-host-lab.ts";

/** A program started without a host; ended with the block. */
export interface OwnProcess extends Disposable {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  runs(): boolean;
}

export function ownProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): OwnProcess {
  const [file = "", ...args] = command;
  const child: ChildProcess & { stdout: Readable } = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return {
    pid: child.pid,
    stdout: child.stdout,
    runs: () => child.exitCode === null && child.signalCode === null,
    [Symbol.dispose]: () => child.kill("SIGKILL"),
  };
}

/** The config that the first line of a program's stdout with JSON in it holds. */
export async function printedConfig({ stdout }: OwnProcess): Promise<ReattachConfig> {
  for await (const line of createInterface({ input: stdout })) {
    const json = /\{.*\}/.exec(line)?.[0];
    if (json !== undefined) return JSON.parse(json) as ReattachConfig;
  }
  throw new Error("the program printed no reattach config");
}

/** Our host attaches to a plugin, with several plugin sets if `version` says which it will be. */
export async function attach<R extends Running>(
  { wiring }: OurHostLab<R>,
  config: object,
  version?: number,
): Promise<R> {
  const options = { handshake, netrpc: { registry } };
  const json = JSON.stringify(config);
  const { plugins } = wiring;
  if (version === undefined) return wiring.use(await PluginClient.reattach(json, { ...options, plugins }));
  const versionedPlugins: VersionedPlugins<PluginSet> = { 3: {}, [version]: plugins };
  return wiring.use(await PluginClient.reattach(json, { ...options, versionedPlugins }));
}
