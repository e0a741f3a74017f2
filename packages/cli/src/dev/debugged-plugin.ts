import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { ReattachConfig } from "drawbar";
import type { DevelopOptions } from "./develop-options.ts";

type Options = Pick<DevelopOptions, "args" | "name" | "cwd" | "env" | "onOutput" | "onEvent">;

// How long a plugin may take to end in its own way.
const stopMs = 2_000;

/** A plugin's process that serves without a host, for a debugger. */
export class DebuggedPlugin {
  readonly #child: ChildProcess;
  readonly #options: Options;
  #stopping = false;
  #unread = "";

  constructor(file: string, options: Options) {
    this.#options = options;
    this.#child = spawn(process.execPath, ["--enable-source-maps", file, ...options.args], {
      cwd: options.cwd,
      env: { ...options.env, DRAWBAR_DEBUG: options.name },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => options.onOutput(text, "stderr"));
    this.#child.once("error", (error) => options.onEvent({ kind: "ended", how: error.message }));
    this.#child.once("exit", (code, signal) => {
      if (!this.#stopping) options.onEvent({ kind: "ended", how: signal ?? `exit code ${code}` });
    });
  }

  /** Ends it, by force if it takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await gone;
    clearTimeout(timer);
  }

  #read(text: string): void {
    this.#options.onOutput(text, "stdout");
    const lines = (this.#unread + text).split("\n");
    this.#unread = lines.pop() ?? "";
    for (const line of lines) {
      const json = /^DRAWBAR_REATTACH='(.*)'$/.exec(line)?.[1];
      if (json === undefined) continue;
      const reattach: ReattachConfig = JSON.parse(json);
      this.#options.onEvent({ kind: "serving", reattach });
    }
  }
}
