import type { Socket } from "node:net";
import { systemClock } from "@drawbar/io";
import { pluginLogger } from "../log/plugin-logger.ts";
import { StdioBuffer } from "../protocol/stdio-buffer.ts";
import { formatReattachConfig, type ReattachConfig } from "../reattach/reattach-config.ts";
import { choosePlugins } from "./choose-plugins.ts";
import { chooseProtocol } from "./choose-protocol.ts";
import { createServer } from "./create-server.ts";
import { PluginTransport } from "./plugin-transport.ts";
import type { ServeOptions } from "./serve-options.ts";
import { defaultStopTimeoutMs, runStopHook } from "./stop-hook.ts";
import { teeStdio } from "./tee-stdio.ts";

/** How a plugin serves in test mode. */
export interface TestServeOptions extends Omit<ServeOptions, "outliveHost"> {
  /** Its abort is a call of `close`. */
  readonly signal?: AbortSignal;
  /** Carry this process's stdout and stderr to the host's sinks too, besides where they go. Default false. */
  readonly syncStdio?: boolean;
}

/** A plugin that serves in this process, in test mode. Its `await using` closes it. */
export interface TestServing extends AsyncDisposable {
  /** For `PluginClient.reattach`, or as JSON for a host elsewhere, in Go as well. */
  readonly reattachConfig: ReattachConfig;
  /** Resolves when it serves no more, by `close`, the signal, or a host that asked it to end. */
  readonly closed: Promise<void>;
  /** Ends every connection, with the drain time of the options, and removes the socket. */
  close(): Promise<void>;
}

/** `serveTest`, loaded when it is called. */
export async function startTestServing(options: TestServeOptions): Promise<TestServing> {
  options.signal?.throwIfAborted();
  const sets = { ...options.versionedPlugins, [options.handshake.protocolVersion ?? 0]: options.plugins };
  // No host has said what it knows; the newest is what is being worked on.
  const versions = Object.entries(sets).flatMap(([version, set]) => (set === undefined ? [] : [version]));
  const env = { PLUGIN_PROTOCOL_VERSIONS: versions.join(","), ...process.env };
  const { version, plugins } = choosePlugins(options, env, () => {});
  const protocol = chooseProtocol(options.protocol, plugins);
  const stdio = new StdioBuffer(() => {}, options.maxStdioBytes);
  const untee = options.syncStdio ? teeStdio((channel, chunk) => void stdio.push(channel, chunk)) : () => {};
  const logger = options.logger ?? pluginLogger();
  const transport = await PluginTransport.create(options, protocol, env, logger);
  const server = await createServer({
    ...options,
    protocol,
    plugins,
    stdio,
    brokering: transport.brokering,
    onShutdown: () => void serving.close(),
    stated: async () => (await import("./state-plugin.ts")).statePlugin(options),
    logger,
  });
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  const accept = transport.acceptor((stream) => server.accept(stream));
  const listener = await transport.listen((socket) => {
    keep(socket);
    accept(socket);
  });
  const config = formatReattachConfig({
    protocol,
    version,
    pid: process.pid,
    test: true,
    address: listener.address,
  });
  const { drainTimeoutMs = 0, onStop, stopTimeoutMs = defaultStopTimeoutMs } = options;
  const beforeEnd = (): Promise<void> => runStopHook(onStop, stopTimeoutMs, systemClock, logger);
  const serving = new Serving(config, async () => {
    listener.close();
    try {
      await server.stop(drainTimeoutMs, beforeEnd);
    } finally {
      untee();
      for (const socket of sockets) socket.destroy();
    }
  });
  options.signal?.addEventListener("abort", () => void serving.close(), { once: true });
  return serving;
}

class Serving implements TestServing {
  readonly reattachConfig: ReattachConfig;
  readonly closed: Promise<void>;
  readonly #end: () => Promise<void>;
  #closing: Promise<void> | undefined;
  #resolveClosed: () => void = () => {};

  constructor(config: ReattachConfig, end: () => Promise<void>) {
    this.reattachConfig = config;
    this.#end = end;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#end();
    } finally {
      this.#resolveClosed();
    }
  }
}
