import type { Clock } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import type { Launcher, PluginOutput } from "./launcher.ts";
import { PluginProcess } from "./plugin-process.ts";
import { resolveCommand } from "./resolve-command.ts";
import type { RunningProcess } from "./running-process.ts";
import { commandError } from "./start-failure.ts";

/** The command to start, and what its process gets. */
export interface CommandOptions {
  readonly cmd: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly outlivesHost: boolean;
  readonly clock: Clock;
}

/** Starts a program of this machine as a child process. */
export class CommandLauncher implements Launcher {
  readonly path: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly #options: CommandOptions;
  /** The file that the command names, if there is one. */
  readonly #file: string | undefined;

  constructor(options: CommandOptions) {
    const [command, ...args] = options.cmd;
    this.#options = options;
    this.#file = resolveCommand(command, options.cwd, process.env["PATH"] ?? "");
    this.path = this.#file ?? command;
    this.details = { path: this.path, args };
  }

  async start(output: PluginOutput): Promise<RunningProcess> {
    const [command, ...args] = this.#options.cmd;
    try {
      return await PluginProcess.start({ ...this.#options, ...output, cmd: [this.path, ...args] });
    } catch (error) {
      throw commandError(command, this.#file, this.#options.cwd, error);
    }
  }

  async diagnose(): Promise<Diagnosis> {
    return diagnose(this.path);
  }

  toHost(address: SocketAddress): SocketAddress {
    return address;
  }
}
