import type { SocketAddress } from "@drawbar/io/node";
import type { ExitStatus } from "../errors.ts";
import type { Logger } from "../log/logger.ts";

/** Translates addresses between where the host runs and where the plugin does, such as a container. */
export interface AddressTranslator {
  /** Where the host reaches what the plugin calls `address`. Default: the same. */
  pluginToHost?(address: SocketAddress): SocketAddress;
  /** Where the plugin reaches what the host calls `address`. Default: the same. */
  hostToPlugin?(address: SocketAddress): SocketAddress;
}

/** A plugin that runs, however it was started: what a host needs to attach to it, and to end it. */
export interface AttachedRunner extends AddressTranslator {
  /** Names the running plugin: a process id, a container's id. */
  readonly id: string;
  /** Its process id, if it has one here. */
  readonly pid?: number | undefined;
  /**
   * Resolves when the plugin is over, whoever ended it, with how it ended if that is known. Called once.
   */
  wait(): Promise<ExitStatus | undefined>;
  /**
   * Ends the plugin: SIGTERM asks, SIGKILL insists. Not waited for: `wait` tells when it is over. At the exit of
   * the host's process only what it does at once has an effect.
   */
  kill(signal: "SIGTERM" | "SIGKILL"): void | Promise<void>;
}

/** Starts a plugin in a way of its own, and stands for it: go-plugin's `runner.Runner`. */
export interface Runner extends AttachedRunner {
  /** For people, such as the path of the program; need not be unique. */
  readonly name: string;
  /** Starts the plugin; everything below is used only once it has resolved. The signal ends only the start. */
  start(signal: AbortSignal): Promise<void>;
  /** The plugin's stdout, where the handshake line comes. Read to its end. A node Readable is one. */
  readonly stdout: AsyncIterable<Uint8Array>;
  /** The plugin's stderr, which is its log. */
  readonly stderr: AsyncIterable<Uint8Array>;
  /** What may help people to understand why the plugin did not start. */
  diagnose?(): string | Promise<string>;
}

/** What a runner is made of. */
export interface RunnerSpec {
  /** The plugin's environment, complete. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * A folder of the host for the plugin's sockets, named by `PLUGIN_UNIX_SOCKET_DIR` in `env`: what runs elsewhere
   * needs it mounted, and its own path in that variable. Removed when the plugin is over.
   */
  readonly socketDir: string;
  readonly logger: Logger;
}

/** Makes the runner of one plugin; go-plugin's `RunnerFunc`. */
export type RunnerFunction = (spec: RunnerSpec) => Runner | Promise<Runner>;
