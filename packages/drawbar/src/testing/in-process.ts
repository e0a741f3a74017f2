import type { ChannelOptions, ServerOptions } from "@drawbar/grpc";
import { type ByteStream, memoryPair, systemClock } from "@drawbar/io";
import type { Brokering } from "../broker/brokering.ts";
import type { Protocol } from "../handshake/handshake.ts";
import { findPlugin } from "../host/find-plugin.ts";
import { SafeSink, type Sink } from "../launch/sink.ts";
import { ListeningPlace } from "../listen/listening-place.ts";
import { type Logger, nullLogger } from "../log/logger.ts";
import { safeLogger } from "../log/safe-logger.ts";
import type { MuxServer } from "../mux/mux-server.ts";
import type { NetRpcSettings } from "../plugin/netrpc-settings.ts";
import type { Dispensed, PluginName, PluginSet, ServedPluginSet } from "../plugin/plugin.ts";
import type { PingOptions, ProtocolClient } from "../protocol/protocol-client.ts";
import type { ProtocolServer } from "../protocol/protocol-server.ts";
import { StdioBuffer } from "../protocol/stdio-buffer.ts";
import { chooseProtocol } from "../serve/choose-protocol.ts";
import { createServer } from "../serve/create-server.ts";
import { stayAlive } from "../terminate/stay-alive.ts";

/** How host and plugin meet in one process. */
export interface InProcessOptions {
  /** Default: gRPC if every plugin knows it, else net/rpc. */
  readonly protocol?: Protocol;
  /**
   * Brokered gRPC connections go through the one connection, so that nothing leaves memory. Default true; with
   * false they are unix sockets, as between most hosts and plugins.
   */
  readonly multiplex?: boolean;
  /** Get what the plugin writes to `stdout` and `stderr` of the kit. */
  readonly syncStdout?: Sink;
  readonly syncStderr?: Sink;
  /** For both sides. Default: none. */
  readonly logger?: Logger;
  readonly grpc?: {
    readonly channel?: Omit<ChannelOptions, "connect" | "authority" | "scheme" | "clock">;
    readonly server?: ServerOptions;
  };
  readonly netrpc?: NetRpcSettings;
  /** How long calls in flight may go on when the kit is closed. Default 0. */
  readonly drainTimeoutMs?: number;
}

/** Where a plugin in this process writes what a process would write to its stdout or stderr. */
export interface OutputOfPlugin {
  write(text: string | Uint8Array): void;
}

/** A host and a plugin, connected in memory. */
export interface InProcess<S extends PluginSet> extends AsyncDisposable {
  readonly protocol: Protocol;
  /** What a host's `dispense` gives, by the whole way through the protocol. */
  dispense<Name extends PluginName<S>>(name: Name): Promise<Dispensed<S, Name>>;
  ping(options?: PingOptions): Promise<void>;
  readonly stdout: OutputOfPlugin;
  readonly stderr: OutputOfPlugin;
  /** Ends both sides as a `kill` does. Resolves when all output was passed on; calls in flight have failed. */
  close(): Promise<void>;
}

/**
 * Connects a host and plugins in this process, by memory: every byte goes through the protocol, and no process is
 * started. For tests of plugins, with any test runner.
 *
 * @param plugins both halves, such as what `implement` of `grpcPlugin` or `netrpcPlugin` gives
 */
export async function inProcess<S extends PluginSet & ServedPluginSet>(
  plugins: S,
  options: InProcessOptions = {},
): Promise<InProcess<S>> {
  const protocol = chooseProtocol(options.protocol, plugins);
  const logger = safeLogger(options.logger ?? nullLogger);
  const stdio = new StdioBuffer(() => {});
  const multiplex = protocol === "grpc" && (options.multiplex ?? true);
  const mux = multiplex ? await loadMuxServer() : undefined;
  const server = await createServer({
    protocol,
    plugins,
    stdio,
    brokering: brokering(mux, logger.named("plugin")),
    drainTimeoutMs: options.drainTimeoutMs ?? 0,
    ...(options.grpc?.server === undefined ? {} : { grpc: options.grpc.server }),
    ...(options.netrpc === undefined ? {} : { netrpc: options.netrpc }),
    onShutdown: () => {},
    stated: () => ({ name: undefined, version: undefined }),
    logger: logger.named("plugin"),
  });
  const over = new AbortController();
  const client = await connect(protocol, options, {
    dial: () => dial(server, mux),
    multiplex,
    signal: over.signal,
    logger,
  });
  // Its answer comes after the plugin has seen the streams that were opened first, so that no output is lost.
  await client.ping({});
  return new ConnectedPlugins(plugins, protocol, client, server, stdio, over, options.drainTimeoutMs ?? 0);
}

function dial(server: ProtocolServer, mux: MuxServer | undefined): ByteStream {
  const [ours, theirs] = memoryPair();
  if (mux === undefined) server.accept(theirs);
  else mux.accept(theirs, (stream) => server.accept(stream));
  return ours;
}

function brokering(mux: MuxServer | undefined, logger: Logger): Brokering {
  const place = new ListeningPlace(undefined, {});
  return { security: undefined, place, mux, clock: systemClock, logger: logger.named("broker") };
}

interface Connecting {
  readonly dial: () => ByteStream;
  readonly multiplex: boolean;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

async function connect(
  protocol: Protocol,
  options: InProcessOptions,
  { dial, multiplex, signal, logger }: Connecting,
): Promise<ProtocolClient> {
  const common = {
    dial,
    signal,
    explainLoss: async (cause: Error | undefined) =>
      cause ?? new Error("the plugin in this process was closed"),
    stdout: new SafeSink(options.syncStdout, "syncStdout", logger),
    stderr: new SafeSink(options.syncStderr, "syncStderr", logger),
    logger: logger.named("host"),
  };
  if (protocol === "netrpc") {
    const { connectNetRpc } = await import("../protocol/netrpc/client.ts");
    return connectNetRpc({ ...common, clock: systemClock, settings: options.netrpc ?? {} });
  }
  const { connectGrpc } = await import("../protocol/grpc/client.ts");
  return connectGrpc({
    ...common,
    multiplex,
    brokering: brokering(undefined, common.logger),
    channel: { ...options.grpc?.channel, clock: systemClock },
  });
}

async function loadMuxServer(): Promise<MuxServer> {
  const { MuxServer } = await import("../mux/mux-server.ts");
  return new MuxServer(systemClock);
}

class ConnectedPlugins<S extends PluginSet> implements InProcess<S> {
  readonly protocol: Protocol;
  readonly stdout: OutputOfPlugin;
  readonly stderr: OutputOfPlugin;
  readonly #plugins: S;
  readonly #client: ProtocolClient;
  readonly #server: ProtocolServer;
  readonly #over: AbortController;
  readonly #drainTimeoutMs: number;
  #closing: Promise<void> | undefined;

  constructor(
    plugins: S,
    protocol: Protocol,
    client: ProtocolClient,
    server: ProtocolServer,
    stdio: StdioBuffer,
    over: AbortController,
    drainTimeoutMs: number,
  ) {
    this.#plugins = plugins;
    this.protocol = protocol;
    this.#client = client;
    this.#server = server;
    this.#over = over;
    this.#drainTimeoutMs = drainTimeoutMs;
    this.stdout = { write: (text) => void stdio.push(1, Buffer.from(text)) };
    this.stderr = { write: (text) => void stdio.push(2, Buffer.from(text)) };
  }

  async dispense<Name extends PluginName<S>>(name: Name): Promise<Dispensed<S, Name>> {
    const plugin = findPlugin(this.#plugins, name, 0);
    // The set that this plugin was found in is the one that the type was made from.
    return (await this.#client.dispense(name, plugin)) as Dispensed<S, Name>;
  }

  ping(options: PingOptions = {}): Promise<void> {
    return this.#client.ping(options);
  }

  close(): Promise<void> {
    // With neither process nor socket, what is waited for may be a timer alone.
    this.#closing ??= stayAlive(this.#close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#server.stop(this.#drainTimeoutMs);
    await this.#client.drained;
    const reason = new Error("the plugin in this process was closed");
    this.#client.destroy(reason);
    this.#over.abort(reason);
  }
}
