import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import type { SocketAddress } from "@drawbar/io/node";
import type { ExitStatus, Runner, RunnerSpec } from "drawbar";

/** A runner for tests: a child process, with what it is asked recorded. */
export class ChildRunner implements Runner {
  readonly name = "test runner";
  readonly translated: SocketAddress[] = [];
  readonly signals: string[] = [];
  readonly #command: readonly [string, ...string[]];
  readonly #spec: RunnerSpec;
  #child: ChildProcess | undefined;

  constructor(command: readonly [string, ...string[]], spec: RunnerSpec) {
    this.#command = command;
    this.#spec = spec;
  }

  get id(): string {
    return `child-${this.#child?.pid}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get stdout(): Readable {
    return this.#child?.stdout ?? Readable.from([]);
  }

  get stderr(): Readable {
    return this.#child?.stderr ?? Readable.from([]);
  }

  async start(): Promise<void> {
    const [file, ...args] = this.#command;
    // What a container sees under a path of its own.
    const env = { ...this.#spec.env, PLUGIN_UNIX_SOCKET_DIR: `${this.#spec.socketDir}/../${this.inside}` };
    this.#child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    await once(this.#child, "spawn");
  }

  async wait(): Promise<ExitStatus | undefined> {
    const child = this.#child;
    if (child === undefined) return undefined;
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return { exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined };
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    this.signals.push(signal);
    this.#child?.kill(signal);
  }

  diagnose(): string {
    return "the test runner has nothing to say";
  }

  pluginToHost(address: SocketAddress): SocketAddress {
    this.translated.push(address);
    if (address.network === "tcp") return address;
    return { network: "unix", path: address.path.replace(`/${this.inside}/`, `/${this.outside}/`) };
  }

  hostToPlugin(address: SocketAddress): SocketAddress {
    this.translated.push(address);
    return address;
  }

  get outside(): string {
    return this.#spec.socketDir.split("/").at(-1) ?? "";
  }

  get inside(): string {
    return `${this.outside}-seen-inside`;
  }
}
