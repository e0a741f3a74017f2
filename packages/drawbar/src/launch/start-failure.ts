import { existsSync } from "node:fs";
import { type Clock, isDrawbarError } from "@drawbar/io";
import {
  describeExit,
  type ExitStatus,
  PluginStartError,
  type PluginStartErrorCode,
  quoteStderr,
} from "../errors.ts";
import { type RefusedHandshake, refuseUnrecognized } from "../handshake/read-handshake-line.ts";
import { terminateProcess } from "../terminate/end-process.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import type { Launcher } from "./launcher.ts";
import type { RecentLines } from "./recent-lines.ts";
import { isExecutable } from "./resolve-command.ts";
import type { RunningProcess } from "./running-process.ts";

/** What is known of a start that failed. */
export interface StartFacts {
  readonly launcher: Launcher;
  readonly child: RunningProcess;
  readonly clock: Clock;
  readonly recentStderr: RecentLines;
  readonly noise: readonly string[];
}

const terminateTimeoutMs = 500;

/** Ends the process of a start that failed, and makes the error that tells all that could be learned. */
export class StartFailure {
  readonly #facts: StartFacts;

  constructor(facts: StartFacts) {
    this.#facts = facts;
  }

  async exited(): Promise<PluginStartError> {
    const [first] = this.#facts.noise;
    const diagnosis = await this.#facts.launcher.diagnose();
    const how = `plugin exited before we could connect (${describeExit(await this.#end())})`;
    if (first !== undefined) {
      const refusal = refuseUnrecognized(first);
      return this.#error(refusal.code, `${refusal.message}\n${how}`, diagnosis);
    }
    const silent = `${how}\nFailed to read any lines from plugin's stdout`;
    if (!diagnosis.foreign) return this.#error("plugin-exited-early", silent, diagnosis);
    const foreign = `plugin ${this.#facts.launcher.path} is a program for another machine or system`;
    return this.#error("command-wrong-architecture", `${foreign}\n${silent}`, diagnosis);
  }

  async timedOut(timeoutMs: number): Promise<PluginStartError> {
    await this.#end();
    const printed =
      this.#facts.noise.length === 0
        ? "It printed nothing on stdout"
        : "What it printed on stdout is no handshake";
    return this.#error(
      "start-timeout",
      `timeout while waiting for plugin to start: no handshake line within ${timeoutMs} ms (startTimeoutMs). ${printed}`,
      await this.#facts.launcher.diagnose(),
    );
  }

  async aborted(reason: unknown): Promise<PluginStartError> {
    await this.#end();
    return this.#error(
      "start-aborted",
      "the start of the plugin was aborted by the caller's signal",
      undefined,
      reason,
    );
  }

  async refused(refusal: RefusedHandshake): Promise<PluginStartError> {
    await this.#end();
    return this.#error(refusal.code, refusal.message);
  }

  async dialFailed(address: string, cause: unknown): Promise<PluginStartError> {
    const early = this.#facts.child.status;
    await this.#end();
    if (isDrawbarError(cause) && cause.code === "tls-handshake-failed") {
      const message = `host and plugin (${address}) do not trust each other: ${cause.message}`;
      return this.#error("tls-failed", message, undefined, cause);
    }
    const exit = early === undefined ? "" : ` The plugin is gone: ${describeExit(early)}.`;
    return this.#error(
      "dial-failed",
      `nobody answers at ${address}, where the plugin said it serves.${exit}`,
      undefined,
      cause,
    );
  }

  // SIGTERM first: a plugin that is past its first steps removes what it made.
  async #end(): Promise<ExitStatus> {
    const { child, clock } = this.#facts;
    await terminateProcess(child, terminateTimeoutMs, clock);
    return child.status ?? { exitCode: undefined, signal: undefined };
  }

  #error(
    code: PluginStartErrorCode,
    message: string,
    diagnosis?: Diagnosis,
    cause?: unknown,
  ): PluginStartError {
    const { launcher, child, noise, recentStderr } = this.#facts;
    const stderr = recentStderr.toArray();
    const said =
      noise.length === 0
        ? ""
        : `\nBefore the handshake it printed:\n${noise.map((line) => `  ${line}`).join("\n")}`;
    return new PluginStartError(code, `${message}${diagnosis?.notes ?? ""}${said}${quoteStderr(stderr)}`, {
      cause,
      facts: { plugin: launcher.path, pid: child.pid, ...child.status, stderr, stdout: noise },
    });
  }
}

/** The error for a program that the system would not execute. */
export function commandError(
  command: string,
  path: string | undefined,
  cwd: string,
  cause: unknown,
): PluginStartError {
  const facts = { plugin: path ?? command };
  if (!existsSync(cwd)) {
    return new PluginStartError("command-failed", `the plugin's working folder does not exist: ${cwd}`, {
      cause,
      facts,
    });
  }
  if (path === undefined) {
    const where = command.includes("/") ? `seen from ${cwd}` : "on the PATH";
    return new PluginStartError("command-not-found", `there is no plugin ${command} ${where}; check cmd[0]`, {
      cause,
      facts,
    });
  }
  const diagnosis = diagnose(path);
  const [code, what] = reasonOf(path, diagnosis);
  return new PluginStartError(code, `plugin ${path} ${what}${diagnosis.notes}`, { cause, facts });
}

function reasonOf(path: string, diagnosis: Diagnosis): [PluginStartErrorCode, string] {
  if (!isExecutable(path))
    return ["command-not-executable", `may not be executed by this process; try: chmod +x ${path}`];
  if (diagnosis.foreign) return ["command-wrong-architecture", "is a program for another machine or system"];
  return ["command-failed", "could not be started"];
}
