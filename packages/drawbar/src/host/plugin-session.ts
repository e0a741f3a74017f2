import type { Clock } from "@drawbar/io";
import type { SocketAddress } from "@drawbar/io/node";
import { untilListening } from "../connect/until-listening.ts";
import { type ExitStatus, PluginConnectionError, PluginDetachedError, PluginExitedError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import { endWithThisProcess } from "../launch/live-plugins.ts";
import type { StartedPlugin } from "../launch/start-plugin.ts";
import type { Logger } from "../log/logger.ts";
import type { PluginSet } from "../plugin/plugin.ts";
import type { ProtocolClient } from "../protocol/protocol-client.ts";
import type { AnnouncedSockets } from "../terminate/announced-sockets.ts";
import { endProcess, over } from "../terminate/end-process.ts";
import { removeSocket } from "../terminate/remove-socket.ts";
import { stayAlive } from "../terminate/stay-alive.ts";
import { within } from "../terminate/within.ts";

/** A plugin that runs, started by this host or found running. */
export type RunningPlugin = Omit<StartedPlugin, "failure">;

/**
 * What this host may do to the plugin's process. `owned`: it ends with this process. `shared`: `kill` ends it,
 * but the end of this process does not. `borrowed`: `kill` only lets go of it.
 */
export type Tie = "owned" | "shared" | "borrowed";

/** What a session needs beyond the running plugin. */
export interface SessionOptions {
  readonly plugins: PluginSet;
  readonly tie: Tie;
  /** False if only this host has the keys of the connection (AutoMTLS). */
  readonly reattachable: boolean;
  readonly killTimeoutMs: number;
  readonly terminateTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

// A process that dies takes its connections along first; its exit follows within moments, on a busy machine within
// some hundred milliseconds. Only a plugin that lives on without its connection has this waited for.
const explainMs = 1_000;
// What a dead plugin has sent lies ready to be read: only a sink that takes nothing needs longer.
const drainMs = 2_000;

const lossAdvice: Readonly<Record<Protocol, string>> = {
  grpc: "the next call connects anew. If this repeats, look for the reason in the plugin's stderr",
  netrpc:
    "what was dispensed is lost with it, so launch the plugin anew. Look for the reason in the plugin's stderr",
};

/** One plugin's life from its handshake to its end. */
export class PluginSession {
  readonly plugins: PluginSet;
  readonly exited: Promise<ExitStatus>;
  readonly #started: RunningPlugin;
  readonly #options: SessionOptions;
  readonly #death = new AbortController();
  #client: ProtocolClient | undefined;
  #brokered: AnnouncedSockets | undefined;
  #killing: Promise<void> | undefined;
  #listens: boolean;
  #forget: () => void = () => {};

  constructor(started: RunningPlugin, options: SessionOptions) {
    this.#started = started;
    this.#options = options;
    this.plugins = options.plugins;
    this.#listens = !started.handshake.inherited;
    if (options.tie === "owned") {
      this.#forget = endWithThisProcess(() => this.#removeSockets());
    }
    this.exited = started.process.exited.then(async (status) => {
      await this.#untilDrained();
      this.#forget();
      this.#onExit(status);
      return status;
    });
  }

  get pid(): number {
    return this.#started.process.pid;
  }

  get running(): RunningPlugin {
    return this.#started;
  }

  get id(): string {
    return this.#started.process.id;
  }

  get reattachable(): boolean {
    return this.#options.reattachable;
  }

  get tie(): Tie {
    return this.#options.tie;
  }

  get version(): number {
    return this.#started.handshake.version;
  }

  get protocol(): Protocol {
    return this.#started.handshake.protocol;
  }

  get address(): SocketAddress {
    return this.#started.handshake.address;
  }

  /** Where other hosts can connect, from now on: see `untilListening`. */
  attachAddress(): SocketAddress {
    if (!this.#listens) untilListening(this.address);
    this.#listens = true;
    return this.address;
  }

  get signal(): AbortSignal {
    return this.#death.signal;
  }

  get client(): ProtocolClient {
    if (this.#client === undefined) throw new Error("the session is not connected yet");
    return this.#client;
  }

  /** To be called once, when the connection stands. */
  attach(client: ProtocolClient): void {
    this.#client = client;
    if (this.signal.aborted) client.destroy(this.signal.reason);
  }

  /** Has the sockets of the plugin's brokered connections removed once it is over. */
  removeAfterwards(brokered: AnnouncedSockets): void {
    this.#brokered = brokered;
  }

  /** Why a connection was lost: the process's end if that follows at once, else the loss itself. */
  async explainLoss(cause: Error | undefined): Promise<Error> {
    this.#started.process.expectEnd?.();
    await over(this.#started.process, explainMs, this.#options.clock);
    const status = this.#started.process.status;
    if (status !== undefined) return this.#exitedError(status);
    return new PluginConnectionError(this.#started.path, lossAdvice[this.protocol], {
      cause,
      facts: { plugin: this.#started.path, pid: this.pid },
    });
  }

  kill(): Promise<void> {
    this.#killing ??= this.#options.tie === "borrowed" ? this.detach() : stayAlive(this.#end());
    return this.#killing;
  }

  /** Closes the connection and leaves the plugin running. */
  async detach(): Promise<void> {
    if (this.signal.aborted) return;
    this.#forget();
    // What this host let go of is no more its to end.
    this.#killing ??= Promise.resolve();
    this.#started.process.letGo?.();
    const error = new PluginDetachedError(this.#started.path, this.id);
    this.#client?.destroy(error);
    this.#death.abort(error);
  }

  async #end(): Promise<void> {
    const { clock, killTimeoutMs, terminateTimeoutMs } = this.#options;
    const client = this.#client;
    this.#started.process.expectEnd?.();
    const dead = await endProcess({
      process: this.#started.process,
      askToEnd: () => client?.shutdown() ?? Promise.resolve(),
      killTimeoutMs: client === undefined ? 0 : killTimeoutMs,
      terminateTimeoutMs,
      clock,
      logger: this.#started.logger,
    });
    if (dead) await this.exited;
    else this.#onExit({ exitCode: undefined, signal: undefined });
  }

  // What the plugin wrote last may still be on its way through the connection.
  async #untilDrained(): Promise<void> {
    const drained = this.#client?.drained;
    if (drained === undefined) return;
    if (await within(drained, drainMs, this.#options.clock)) return;
    this.#options.logger.warn("the host's sink takes no more of the plugin's output; the rest is dropped", {
      plugin: this.#started.path,
      drainMs,
    });
  }

  #onExit(status: ExitStatus): void {
    // Ended already, or let go of: then what becomes of it is not this host's business.
    if (this.signal.aborted) return;
    const error = this.#exitedError(status);
    const { path, logger } = { path: this.#started.path, logger: this.#options.logger };
    const facts = { plugin: path, pid: this.pid };
    if (status.exitCode === 0 || this.#killing !== undefined) logger.info("plugin process exited", facts);
    else logger.error("plugin process exited", { ...facts, ...status });
    this.#removeSockets();
    this.#client?.destroy(error);
    this.#death.abort(error);
  }

  #removeSockets(): void {
    removeSocket(this.address, this.#started.startedAtMs);
    this.#brokered?.remove();
  }

  #exitedError(status: ExitStatus): PluginExitedError {
    const { path, recentStderr } = this.#started;
    return new PluginExitedError(path, this.pid, status, recentStderr.toArray(), this.#killing !== undefined);
  }
}
