import type { Clock } from "@drawbar/io";
import type { ExitStatus } from "../errors.ts";
import { endWithThisProcess } from "../launch/live-plugins.ts";
import type { OnOutput } from "../launch/plugin-process.ts";
import type { RunningProcess } from "../launch/running-process.ts";
import type { Logger } from "../log/logger.ts";
import { within } from "../terminate/within.ts";
import type { AttachedRunner, Runner } from "./runner.ts";

/** What a runner's plugin is watched with. */
export interface RunnerProcessOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the plugin goes on when this process exits. */
  readonly outlivesHost: boolean;
  /** What reads the plugin's output; none for a plugin that was attached to. */
  readonly output?: { readonly runner: Runner; readonly onStdout: OnOutput; readonly onStderr: OnOutput };
}

// How long after the plugin's end its output may stay open.
const drainMs = 500;

/** A plugin that a runner stands for. Nothing that the runner does or fails to do can harm the host. */
export class RunnerProcess implements RunningProcess {
  readonly id: string;
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  readonly #runner: AttachedRunner;
  readonly #logger: Logger;
  #status: ExitStatus | undefined;
  #forget: () => void = () => {};

  constructor(runner: AttachedRunner, options: RunnerProcessOptions) {
    this.#runner = runner;
    this.#logger = options.logger;
    this.id = runner.id;
    this.pid = runner.pid ?? 0;
    if (!options.outlivesHost) this.#forget = endWithThisProcess(() => this.kill("SIGKILL"));
    const { output } = options;
    const outputs =
      output === undefined
        ? []
        : [pump(output.runner.stdout, output.onStdout), pump(output.runner.stderr, output.onStderr)];
    this.exited = this.#watch(outputs, options.clock);
  }

  get status(): ExitStatus | undefined {
    return this.#status;
  }

  kill(signal: "SIGTERM" | "SIGKILL"): void {
    if (this.#status !== undefined) return;
    void (async () => this.#runner.kill(signal))().catch((error: unknown) =>
      this.#logger.warn("the runner could not end the plugin", { id: this.id, signal, error }),
    );
  }

  letGo(): void {
    this.#forget();
  }

  async #watch(outputs: readonly Promise<void>[], clock: Clock): Promise<ExitStatus> {
    const status = await this.#wait();
    this.#status = status;
    this.#forget();
    await within(Promise.all(outputs), drainMs, clock);
    return status;
  }

  async #wait(): Promise<ExitStatus> {
    try {
      const status = await this.#runner.wait();
      if (status !== undefined) return status;
    } catch (error) {
      // A runner that cannot wait for it cannot end it either.
      this.#logger.warn("the runner lost the plugin", { id: this.id, error });
    }
    return { exitCode: undefined, signal: undefined };
  }
}

async function pump(output: AsyncIterable<Uint8Array>, onChunk: OnOutput): Promise<void> {
  try {
    for await (const chunk of output) {
      const wait = onChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (wait !== undefined) await wait;
    }
  } catch {
    // Output that breaks is a plugin that ends; its end says so.
  }
}
