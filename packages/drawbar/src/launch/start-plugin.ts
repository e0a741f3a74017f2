import { basename } from "node:path";
import { type Clock, onAbort } from "@drawbar/io";
import type { Protocol } from "../handshake/handshake.ts";
import { type AcceptedHandshake, readHandshakeLine } from "../handshake/read-handshake-line.ts";
import type { Logger } from "../log/logger.ts";
import { removeSocket } from "../terminate/remove-socket.ts";
import type { Launcher } from "./launcher.ts";
import { RecentLines } from "./recent-lines.ts";
import type { RunningProcess } from "./running-process.ts";
import { SafeSink, type Sink } from "./sink.ts";
import { StartFailure } from "./start-failure.ts";
import { StderrPump } from "./stderr-pump.ts";
import { StdoutReader } from "./stdout-reader.ts";

/** What starts a plugin and takes its handshake. */
export interface StartOptions {
  readonly launcher: Launcher;
  readonly versions: readonly number[];
  readonly allowedProtocols: readonly Protocol[];
  readonly multiplex: boolean;
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly logger: Logger;
  readonly stderr: Sink | undefined;
  readonly maxLogLineBytes: number;
  readonly clock: Clock;
}

/** A plugin that runs and has said where it serves. */
export interface StartedPlugin {
  readonly path: string;
  readonly process: RunningProcess;
  readonly handshake: AcceptedHandshake;
  /** The host's logger for this plugin, named after its file. */
  readonly logger: Logger;
  readonly recentStderr: RecentLines;
  readonly startedAtMs: number;
  /** For what may yet go wrong before the plugin is in use. */
  readonly failure: StartFailure;
}

type StartEvent =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "exited" }
  | { readonly kind: "timeout" }
  | { readonly kind: "aborted"; readonly reason: unknown };

/** Starts a plugin and waits for its handshake line. When it rejects, the process is gone. */
export async function startPlugin(options: StartOptions): Promise<StartedPlugin> {
  const startedAtMs = Date.now();
  try {
    return await new PluginStart(options).run();
  } catch (error) {
    options.launcher.removeLeftovers?.(startedAtMs);
    throw error;
  }
}

class PluginStart {
  readonly #options: StartOptions;
  readonly #logger: Logger;
  readonly #recentStderr = new RecentLines();
  readonly #stdout: StdoutReader;
  readonly #stderr: StderrPump;
  readonly #firstEvent: Promise<StartEvent>;
  readonly #startedAtMs = Date.now();
  #onEvent: (event: StartEvent) => void = () => {};

  constructor(options: StartOptions) {
    this.#options = options;
    this.#logger = options.logger.named(basename(options.launcher.path));
    this.#firstEvent = new Promise((resolve) => {
      this.#onEvent = resolve;
    });
    this.#stdout = new StdoutReader(this.#logger, (line) => this.#onEvent({ kind: "line", line }));
    this.#stderr = new StderrPump({
      logger: this.#logger,
      sink: new SafeSink(options.stderr, "stderr", options.logger),
      recent: this.#recentStderr,
      maxLineBytes: options.maxLogLineBytes,
    });
  }

  async run(): Promise<StartedPlugin> {
    this.#options.signal?.throwIfAborted();
    const child = await this.#spawn();
    const event = await this.#waitForEvent(child);
    const failure = new StartFailure({
      launcher: this.#options.launcher,
      child,
      clock: this.#options.clock,
      recentStderr: this.#recentStderr,
      noise: this.#stdout.noise,
    });
    switch (event.kind) {
      case "line":
        return this.#accept(event.line, child, failure);
      case "exited":
        throw await failure.exited();
      case "timeout":
        throw await failure.timedOut(this.#options.startTimeoutMs);
      case "aborted":
        throw await failure.aborted(event.reason);
    }
  }

  async #spawn(): Promise<RunningProcess> {
    const { launcher, logger } = this.#options;
    logger.debug("starting plugin", launcher.details);
    const child = await launcher.start({
      onStdout: (chunk) => this.#stdout.push(chunk),
      onStderr: (chunk) => this.#stderr.push(chunk),
    });
    logger.debug("plugin started", { path: launcher.path, pid: child.id });
    return child;
  }

  async #waitForEvent(child: RunningProcess): Promise<StartEvent> {
    const { clock, startTimeoutMs, signal } = this.#options;
    void child.exited.then(() => {
      this.#stdout.end();
      this.#stderr.end();
      this.#onEvent({ kind: "exited" });
    });
    const timer = clock.setTimer(startTimeoutMs, () => this.#onEvent({ kind: "timeout" }));
    const removeAbort = onAbort(signal, (reason) => this.#onEvent({ kind: "aborted", reason }));
    const event = await this.#firstEvent;
    timer.cancel();
    removeAbort();
    return event;
  }

  async #accept(line: string, child: RunningProcess, failure: StartFailure): Promise<StartedPlugin> {
    const handshake = readHandshakeLine(line, this.#options);
    if (!handshake.ok) {
      const error = await failure.refused(handshake);
      this.#removeRefusedSocket(line);
      throw error;
    }
    if (!handshake.inherited) child.takeConnection?.()?.destroy();
    const { path } = this.#options.launcher;
    return {
      path,
      process: child,
      handshake: { ...handshake, address: this.#options.launcher.toHost(handshake.address) },
      logger: this.#logger,
      recentStderr: this.#recentStderr,
      startedAtMs: this.#startedAtMs,
      failure,
    };
  }

  // Whatever else was wrong with the line, a plugin that had to be killed leaves its socket behind.
  #removeRefusedSocket(line: string): void {
    const [, , network = "", address = ""] = line.trim().split("|");
    if (network === "unix") removeSocket({ network, path: address }, this.#startedAtMs);
  }
}
