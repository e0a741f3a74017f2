import type { Clock } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { connectionOffer, connectionVariable } from "../connect/inherited-connection.ts";
import { PluginStartError } from "../errors.ts";
import { chooseFolderName, folderVariable } from "../listen/folder-name.ts";
import { unannouncedSockets } from "../listen/socket-folder.ts";
import { groupVariable } from "../terminate/own-group.ts";
import { copyVariable } from "../terminate/remove-own-copy.ts";
import { removeSocket } from "../terminate/remove-socket.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import type { Launcher, PluginOutput } from "./launcher.ts";
import { endWithThisProcess } from "./live-plugins.ts";
import { PluginProcess } from "./plugin-process.ts";
import { resolveCommand } from "./resolve-command.ts";
import type { RunningProcess } from "./running-process.ts";
import { checkDigest, type SecureConfig } from "./secure-config.ts";
import { commandError } from "./start-failure.ts";
import { VerifiedCopy } from "./verified-copy.ts";

/** The command to start, and what its process gets. */
export interface CommandOptions {
  readonly cmd: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly outlivesHost: boolean;
  /** Starts it in a process group of its own, which ends with it. */
  readonly ownGroup: { readonly terminateTimeoutMs: number } | undefined;
  readonly secureConfig: SecureConfig | undefined;
  readonly clock: Clock;
}

/** Starts a program of this machine as a child process. */
export class CommandLauncher implements Launcher {
  readonly path: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly #options: CommandOptions;
  /** Whether the plugin is started with a connection: not if the caller has said what the variable is to be. */
  readonly #connects: boolean;
  /** The file that the command names, if there is one. */
  readonly #file: string | undefined;

  constructor(options: CommandOptions) {
    const [command, ...args] = options.cmd;
    this.#options = { ...options, env: { [folderVariable]: chooseFolderName(), ...options.env } };
    // Node cannot serve an inherited pipe of Windows.
    this.#connects = process.platform !== "win32" && options.env[connectionVariable] === undefined;
    this.#file = resolveCommand(command, options.cwd, process.env["PATH"] ?? "");
    this.path = this.#file ?? command;
    this.details = { path: this.path, args };
  }

  async start(output: PluginOutput): Promise<RunningProcess> {
    const copy = await this.#verify();
    const [command, ...args] = this.#options.cmd;
    try {
      const cmd: [string, ...string[]] = [copy?.path ?? this.path, ...args];
      const process = await PluginProcess.start({
        ...this.#options,
        ...output,
        cmd,
        argv0: this.path,
        env: this.#environment(copy),
        copyFolder: copy?.folder,
        connects: this.#connects,
      });
      if (copy !== undefined) await this.#keepWith(process, copy);
      return process;
    } catch (error) {
      copy?.remove();
      if (copy !== undefined && (error as NodeJS.ErrnoException).code === "EACCES")
        throw copyRefused(this.path, error);
      throw commandError(command, this.#file, this.#options.cwd, error);
    }
  }

  // For a plugin made with drawbar: its connection, and what it needs to know to leave nothing behind when this process
  // is killed.
  #environment(copy: VerifiedCopy | undefined): Readonly<Record<string, string>> {
    return {
      ...this.#options.env,
      ...(this.#connects ? { [connectionVariable]: connectionOffer(process.pid) } : {}),
      ...(copy === undefined ? {} : { [copyVariable]: copy.folder }),
      ...(this.#options.ownGroup === undefined ? {} : { [groupVariable]: "own" }),
    };
  }

  // A command that names no file fails at the start, with the reason.
  async #verify(): Promise<VerifiedCopy | undefined> {
    const { secureConfig } = this.#options;
    if (secureConfig === undefined || this.#file === undefined) return undefined;
    if (!secureConfig.inPlace) return VerifiedCopy.of(this.#file, secureConfig);
    await checkDigest(this.#file, this.#file, secureConfig);
    return undefined;
  }

  async #keepWith(process: RunningProcess, copy: VerifiedCopy): Promise<void> {
    const remove = (): void => copy.remove();
    const forget = this.#options.outlivesHost ? remove : endWithThisProcess(remove);
    void process.exited.then(() => {
      forget();
      remove();
    });
    await copy.runsAs(process.pid);
  }

  async diagnose(): Promise<Diagnosis> {
    return diagnose(this.path);
  }

  removeLeftovers(startedAtMs: number): void {
    for (const path of unannouncedSockets(this.#options.env))
      removeSocket({ network: "unix", path }, startedAtMs);
  }

  toHost(address: SocketAddress): SocketAddress {
    return address;
  }
}

function copyRefused(path: string, cause: unknown): PluginStartError {
  return new PluginStartError(
    "command-not-executable",
    `the checked copy of plugin ${path} may not be executed; if the temporary folder is mounted noexec, set TMPDIR to ` +
      "one that is not",
    { cause, facts: { plugin: path } },
  );
}
