import { type ChildProcess, spawn } from "node:child_process";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Clock } from "@drawbar/io";
import type { ExitStatus } from "../errors.ts";
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
}

// How long after the process itself the pipes may stay open: a grandchild can hold them for ever.
const drainMs = 500;

/**
 * A plugin's process. It stays in the host's process group and shares its stdin, so that a plugin can ask
 * at the host's terminal; a Ctrl-C there reaches both, which is why plugins ignore SIGINT.
 */
export class PluginProcess implements RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  readonly #child: ChildProcess;
  #status: ExitStatus | undefined;
  #forget: () => void = () => {};

  private constructor(child: ChildProcess, pid: number, options: ProcessOptions) {
    this.#child = child;
    this.pid = pid;
    pump(child.stdout, options.onStdout);
    pump(child.stderr, options.onStderr);
    if (!options.outlivesHost) this.#forget = endWithThisProcess(() => child.kill("SIGKILL"));
    this.exited = this.#watch(options.clock);
    void this.exited.then(() => this.#forget());
  }

  /** Rejects with the system's error if the program cannot be executed. */
  static start(options: ProcessOptions): Promise<PluginProcess> {
    return new Promise((resolve, reject) => {
      const [file, ...args] = options.cmd;
      const child = spawn(file, args, {
        cwd: options.cwd,
        env: options.env,
        stdio: ["inherit", "pipe", "pipe"],
        windowsHide: true,
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
    // Through the child object and not by number: the number may be another process's by now.
    if (this.#status === undefined) this.#child.kill(signal);
  }

  letGo(): void {
    this.#forget();
    this.#child.unref();
    // Pipes of child processes are sockets, which the types do not say.
    for (const pipe of [this.#child.stdout, this.#child.stderr]) if (pipe instanceof Socket) pipe.unref();
  }

  #watch(clock: Clock): Promise<ExitStatus> {
    const child = this.#child;
    return new Promise((resolve) => {
      // After the start, node reports here what it failed to signal; the process's end tells all we need.
      child.on("error", () => {});
      child.once("exit", (exitCode, signal) => {
        const status = { exitCode: exitCode ?? undefined, signal: signal ?? undefined };
        this.#status = status;
        const timer = clock.setTimer(drainMs, finish);
        child.once("close", finish);
        function finish(): void {
          timer.cancel();
          child.stdout?.destroy();
          child.stderr?.destroy();
          resolve(status);
        }
      });
    });
  }
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
