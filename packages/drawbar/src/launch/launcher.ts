import type { SocketAddress } from "@drawbar/io/node";
import type { Diagnosis } from "./diagnose.ts";
import type { OnOutput } from "./plugin-process.ts";
import type { RunningProcess } from "./running-process.ts";

/** Who takes a starting plugin's output. */
export interface PluginOutput {
  readonly onStdout: OnOutput;
  readonly onStderr: OnOutput;
}

/** A way to start one plugin. */
export interface Launcher {
  /** What the plugin is called in errors: its file, or what a runner calls it. */
  readonly path: string;
  /** What is told about the start in the log. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Rejects with a PluginStartError; then no process is left. */
  start(output: PluginOutput): Promise<RunningProcess>;
  /** What may explain a plugin that does not start. Never rejects. */
  diagnose(): Promise<Diagnosis>;
  /** Removes what a plugin of a failed start has left and told nobody of. Never throws. */
  removeLeftovers?(startedAtMs: number): void;
  /** Where this host reaches what the plugin calls `address`. */
  toHost(address: SocketAddress): SocketAddress;
}
