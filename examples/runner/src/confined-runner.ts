import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import type { ExitStatus, Runner, RunnerSpec } from "drawbar";
import type { Confinement } from "./confinement.ts";

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Runs a plugin's program set apart from the host. */
export class ConfinedRunner implements Runner {
  readonly name: string;
  readonly #child: Child;
  readonly #exited: Promise<unknown>;

  constructor(confinement: Confinement, command: string, args: readonly string[], spec: RunnerSpec) {
    this.name = command;
    this.#child = start(confinement, command, args, spec.env);
    this.#exited = once(this.#child, "exit");
    // Told by `start`.
    this.#exited.catch(() => {});
  }

  get id(): string {
    return String(this.#child.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  get stderr(): Readable {
    return this.#child.stderr;
  }

  async start(): Promise<void> {
    // Rejects with the system's error where the program cannot be started.
    if (this.#child.pid === undefined) await once(this.#child, "spawn");
  }

  async wait(): Promise<ExitStatus> {
    await this.#exited;
    const { exitCode, signalCode } = this.#child;
    return { exitCode: exitCode ?? undefined, signal: signalCode ?? undefined };
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    this.#child.kill(signal);
  }

  diagnose(): string {
    return `${this.name} was started by ${process.argv[1]}; may the plugin's user read it?`;
  }
}

function start(
  confinement: Confinement,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Child {
  const options = { env, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  switch (confinement.kind) {
    case "user":
      return spawn(command, args, { ...options, uid: confinement.id, gid: confinement.id });
    case "namespace":
      return spawn("unshare", ["--user", "--map-root-user", "--", command, ...args], options);
    case "none":
      return spawn(command, args, options);
  }
}
