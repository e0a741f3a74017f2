import { Channel, type ChannelOptions, createClient } from "@drawbar/grpc";
import { type ByteStream, DrawbarError } from "@drawbar/io";
import { connectStream, type SocketAddress } from "@drawbar/io/node";
import { explainedStream } from "../../connect/explained-stream.ts";
import { PluginDispenseError } from "../../errors.ts";
import type { Logger } from "../../log/logger.ts";
import type { ClientPlugin } from "../../plugin/plugin.ts";
import { overGrpc } from "../../plugin/plugin-halves.ts";
import type { PingOptions, ProtocolClient } from "../protocol-client.ts";
import { GrpcBroker } from "./broker.ts";
import { brokerService, controllerService, pluginServiceName, stdioService } from "./services.ts";
import { pumpStdio, type StdioSinks } from "./stdio-pump.ts";

/** What a host's gRPC connection to a plugin is made of. */
export interface GrpcConnectOptions extends StdioSinks {
  readonly address: SocketAddress;
  readonly channel: Omit<ChannelOptions, "connect">;
  /** Aborts when the plugin's process is over. */
  readonly signal: AbortSignal;
  readonly explainLoss: (cause: Error | undefined) => Promise<Error>;
  readonly logger: Logger;
}

/** Connects to a plugin and opens the streams that go-plugin's hosts open. Rejects if nobody answers. */
export async function connectGrpc(options: GrpcConnectOptions): Promise<ProtocolClient> {
  // The first connection is made at once, so that an address nobody serves is a failed start.
  let first: ByteStream | undefined = await dial(options);
  const channel = new Channel({
    ...options.channel,
    connect: () => {
      const stream = first ?? dial(options);
      first = undefined;
      return stream;
    },
  });
  return new GrpcClient(channel, options);
}

async function dial(options: GrpcConnectOptions): Promise<ByteStream> {
  options.signal.throwIfAborted();
  return explainedStream(await connectStream(options.address, options.signal), options.explainLoss);
}

class GrpcClient implements ProtocolClient {
  readonly drained: Promise<void>;
  readonly #channel: Channel;
  readonly #signal: AbortSignal;
  readonly #logger: Logger;
  readonly #broker = new GrpcBroker();

  constructor(channel: Channel, options: GrpcConnectOptions) {
    this.#channel = channel;
    this.#signal = options.signal;
    this.#logger = options.logger;
    const notes = createClient(brokerService, channel).startStream(this.#broker.outgoing(options.signal));
    void this.#broker.receive(notes);
    const chunks = createClient(stdioService, channel).streamStdio(undefined);
    this.drained = pumpStdio(chunks, options, options.logger.named("stdio"));
  }

  async dispense(name: string, plugin: ClientPlugin): Promise<unknown> {
    const half = overGrpc(plugin);
    if (half === undefined) throw notOverGrpc(name);
    return half.client(this.#broker, this.#channel, this.#signal);
  }

  async ping(options: PingOptions): Promise<void> {
    const { healthService } = await import("@drawbar/grpc/health");
    const { status } = await createClient(healthService, this.#channel).check(
      { service: pluginServiceName },
      options,
    );
    if (status !== "SERVING") {
      throw new DrawbarError("plugin-not-serving", `the plugin answers that it does not serve: ${status}`, {
        facts: { status },
      });
    }
  }

  async shutdown(): Promise<void> {
    this.#broker.close();
    try {
      await createClient(controllerService, this.#channel).shutdown(undefined);
    } catch (error) {
      // As upstream does: an error in the answer is no reason not to wait, the answer often never arrives.
      this.#logger.debug("the plugin did not answer Shutdown", { error });
    }
  }

  destroy(reason: Error): void {
    this.#broker.close();
    this.#channel.destroy(reason);
  }
}

function notOverGrpc(name: string): PluginDispenseError {
  return new PluginDispenseError(
    "plugin-protocol-unsupported",
    `plugin ${JSON.stringify(name)} doesn't support gRPC: the plugin speaks gRPC, and the host knows this one ` +
      "over net/rpc alone; give the host a grpcPlugin for it, or use a build of the plugin that speaks net/rpc",
    { facts: { name } },
  );
}
