import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Clock } from "@drawbar/io";
import { connectionDescriptor } from "../connect/inherited-connection.ts";
import type { ExitStatus } from "../errors.ts";
import { ProcessGroup } from "../terminate/process-group.ts";
import { within } from "../terminate/within.ts";
import { endWithThisProcess } from "./live-plugins.ts";
import type { RunningProcess } from "./running-process.ts";

/** Takes bytes of a process's output; a returned promise holds the stream back. */
export type OnOutput = (chunk: Buffer) => Promise<void> | undefined;

/** What starts a plugin's process, resolved. */
export interface ProcessOptions {
  /** The program as the caller named it, and its arguments. */
  readonly cmd: readonly [string, ...string[]];
  /** What the program sees as its name. Default: the program. */
  readonly argv0?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly onStdout: OnOutput;
  readonly onStderr: OnOutput;
  /** Whether the process goes on when this one exits. */
  readonly outlivesHost: boolean;
  /** The process leads a group of its own, which ends with it; how long that has between SIGTERM and SIGKILL. */
  readonly ownGroup: { readonly terminateTimeoutMs: number } | undefined;
  /** Whether the process gets a connection to this one. */
  readonly connects: boolean;
  /** The folder of the private copy that is started. */
  readonly copyFolder?: string | undefined;
}

// How long after the process itself the pipes may stay open: a grandchild can hold them for ever.
const drainMs = 500;

/**
 * A plugin's process. It shares the host's stdin, so that a plugin can ask at the host's terminal, and stays in its
 * process group unless it is given its own; a Ctrl-C there reaches both, which is why plugins ignore SIGINT.
 */
export class PluginProcess implements RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  readonly copyFolder: string | undefined;
  readonly #child: ChildProcess;
  #connection: Socket | undefined;
  #group: ProcessGroup | undefined;
  #status: ExitStatus | undefined;
  #forget: () => void = () => {};

  private constructor(child: ChildProcess, pid: number, options: ProcessOptions) {
    this.#child = child;
    this.pid = pid;
    pump(child.stdout, options.onStdout);
    pump(child.stderr, options.onStderr);
    this.copyFolder = options.copyFolder;
    this.#connection = connectionOf(child);
    if (options.ownGroup !== undefined) this.#group = new ProcessGroup(pid);
    if (!options.outlivesHost) this.#forget = endWithThisProcess(() => this.#signal("SIGKILL"));
    this.exited = this.#watch(options);
    void this.exited.then(() => this.#forget());
  }

  /** Rejects with the system's error if the program cannot be executed. */
  static start(options: ProcessOptions): Promise<PluginProcess> {
    return new Promise((resolve, reject) => {
      const [file, ...args] = options.cmd;
      const child = spawn(file, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: ["inherit", "pipe", "pipe", ...(options.connects ? (["pipe"] as const) : [])],
        windowsHide: true,
        detached: options.ownGroup !== undefined,
        ...(options.argv0 === undefined ? {} : { argv0: options.argv0 }),
      });
      child.once("error", reject);
      if (child.pid !== undefined) resolve(new PluginProcess(child, child.pid, options));
    });
  }

  get id(): string {
    return String(this.pid);
  }

  get status(): ExitStatus | undefined {
    return this.#status;
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (this.#status === undefined) this.#signal(signal);
  }

  takeConnection(): Socket | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    return connection;
  }

  letGo(): void {
    this.#forget();
    this.#group = undefined;
    this.#child.unref();
    // Pipes of child processes are sockets, which the types do not say.
    for (const pipe of [this.#child.stdout, this.#child.stderr]) if (pipe instanceof Socket) pipe.unref();
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    if (this.#group !== undefined) this.#group.kill(signal);
    // Through the child object and not by number: the number may be another process's by now.
    else this.#child.kill(signal);
  }

  #watch({ clock, ownGroup }: ProcessOptions): Promise<ExitStatus> {
    // After the start, node reports here what it failed to signal; the process's end tells all we need.
    this.#child.on("error", () => {});
    return new Promise((resolve) => {
      this.#child.once("exit", async (exitCode, signal) => {
        const status = { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
        this.#status = status;
        if (ownGroup !== undefined) await this.#group?.end(ownGroup.terminateTimeoutMs, clock);
        await this.#outputRead(clock);
        resolve(status);
      });
    });
  }

  async #outputRead(clock: Clock): Promise<void> {
    const { stdout, stderr } = this.#child;
    await within(Promise.all([closed(stdout), closed(stderr)]), drainMs, clock);
    stdout?.destroy();
    stderr?.destroy();
    this.#connection?.destroy();
  }
}

function connectionOf(child: ChildProcess): Socket | undefined {
  const socket = child.stdio[connectionDescriptor];
  if (!(socket instanceof Socket)) return undefined;
  socket.allowHalfOpen = true;
  // An error before it is used must not be thrown for want of a listener.
  socket.on("error", () => {});
  return socket;
}

async function closed(stream: Readable | null): Promise<void> {
  if (stream === null || stream.closed) return;
  await new Promise((resolve) => stream.once("close", resolve));
}

function pump(stream: Readable | null, onChunk: OnOutput): void {
  // A pipe that breaks is a process that ends; its exit says so.
  stream?.on("error", () => {});
  stream?.on("data", (chunk: Buffer) => {
    const wait = onChunk(chunk);
    if (wait === undefined) return;
    stream.pause();
    void wait.then(() => stream.resume());
  });
}
