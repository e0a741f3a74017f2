import type { Clock } from "@drawbar/io";
import { onAbort, toError } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { PluginStartError } from "../errors.ts";
import type { Diagnosis } from "../launch/diagnose.ts";
import type { Launcher, PluginOutput } from "../launch/launcher.ts";
import type { RunningProcess } from "../launch/running-process.ts";
import type { Logger } from "../log/logger.ts";
import { stayAlive } from "../terminate/stay-alive.ts";
import type { Runner } from "./runner.ts";
import { RunnerProcess } from "./runner-process.ts";

/** What a runner's start is bounded by. */
export interface RunnerLauncherOptions {
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly outlivesHost: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Starts a plugin through a runner. */
export class RunnerLauncher implements Launcher {
  readonly path: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly #runner: Runner;
  readonly #options: RunnerLauncherOptions;

  constructor(runner: Runner, options: RunnerLauncherOptions) {
    this.path = runner.name;
    this.details = { runner: runner.name };
    this.#runner = runner;
    this.#options = options;
  }

  async start({ onStdout, onStderr }: PluginOutput): Promise<RunningProcess> {
    const runner = this.#runner;
    await this.#startInTime();
    return new RunnerProcess(runner, { ...this.#options, output: { runner, onStdout, onStderr } });
  }

  async diagnose(): Promise<Diagnosis> {
    return { notes: await this.#notes(), foreign: false };
  }

  toHost(address: SocketAddress): SocketAddress {
    return this.#runner.pluginToHost?.(address) ?? address;
  }

  async #startInTime(): Promise<void> {
    const { clock, startTimeoutMs, signal } = this.#options;
    const given = new AbortController();
    const timer = clock.setTimer(startTimeoutMs, () =>
      given.abort(new Error(`not within ${startTimeoutMs} ms (startTimeoutMs)`)),
    );
    const removeAbort = onAbort(signal, (reason) => given.abort(reason));
    try {
      await stayAlive(Promise.race([this.#runner.start(given.signal), rejected(given.signal)]));
    } catch (cause) {
      // Whatever it has begun is not to stay; there is nobody left who would wait for it.
      void (async () => this.#runner.kill("SIGKILL"))().catch(() => {});
      if (signal?.aborted)
        throw this.#error("start-aborted", "the start was aborted by the caller's signal", cause);
      const code = given.signal.aborted ? "start-timeout" : "command-failed";
      throw this.#error(
        code,
        `its runner could not start it: ${toError(cause).message}${await this.#notes()}`,
        cause,
      );
    } finally {
      timer.cancel();
      removeAbort();
    }
  }

  #error(
    code: "start-aborted" | "start-timeout" | "command-failed",
    what: string,
    cause: unknown,
  ): PluginStartError {
    return new PluginStartError(code, `plugin ${this.path}: ${what}`, {
      cause,
      facts: { plugin: this.path },
    });
  }

  async #notes(): Promise<string> {
    try {
      const said = (await this.#runner.diagnose?.()) ?? "";
      return said === "" ? "" : `\n${said}`;
    } catch {
      return "";
    }
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(toError(signal.reason)), { once: true });
  });
}
