import { Channel, type ChannelOptions, createClient, isStatusError } from "@drawbar/grpc";
import { type ByteStream, DrawbarError } from "@drawbar/io";
import { toDuplex } from "@drawbar/io/node";
import { type Brokering, loadRendezvous } from "../../broker/brokering.ts";
import { GrpcBroker } from "../../broker/grpc-broker.ts";
import { type Dial, secured, toByteStream } from "../../connect/dial.ts";
import { explainedStream } from "../../connect/explained-stream.ts";
import { PluginDispenseError } from "../../errors.ts";
import { endWithThisProcess } from "../../launch/live-plugins.ts";
import type { Logger } from "../../log/logger.ts";
import type { MuxClient } from "../../mux/mux-client.ts";
import type { ClientPlugin } from "../../plugin/plugin.ts";
import { overGrpc } from "../../plugin/plugin-halves.ts";
import type { PingOptions, ProtocolClient } from "../protocol-client.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import {
  brokerService,
  controllerService,
  describeService,
  pluginServiceName,
  stdioService,
} from "./services.ts";
import { pumpStdio, type StdioSinks } from "./stdio-pump.ts";

/** What a host's gRPC connection to a plugin is made of. */
export interface GrpcConnectOptions extends StdioSinks {
  /** Makes a connection that is not secured yet, not started. */
  readonly dial: Dial;
  readonly brokering: Omit<Brokering, "mux">;
  /** Every connection is a stream of one. */
  readonly multiplex: boolean;
  readonly channel: Omit<ChannelOptions, "connect">;
  /** Aborts when the plugin's process is over. */
  readonly signal: AbortSignal;
  readonly explainLoss: (cause: Error | undefined) => Promise<Error>;
  readonly logger: Logger;
}

/** Connects to a plugin and opens the streams that go-plugin's hosts open. Rejects if nobody answers. */
export async function connectGrpc(options: GrpcConnectOptions): Promise<ProtocolClient> {
  const mux = options.multiplex ? await loadMux(options) : undefined;
  const dial = async (): Promise<ByteStream> => {
    options.signal.throwIfAborted();
    return explainedStream(await connect(options, mux), options.explainLoss);
  };
  // The first connection is made at once, so that an address nobody serves is a failed start.
  let first: ByteStream | undefined = await dial();
  const channel = new Channel({
    ...options.channel,
    scheme: options.brokering.security === undefined ? "http" : "https",
    connect: () => {
      const stream = first ?? dial();
      first = undefined;
      return stream;
    },
  });
  return new GrpcClient(channel, mux, options);
}

async function connect(options: GrpcConnectOptions, mux: MuxClient | undefined): Promise<ByteStream> {
  const { security } = options.brokering;
  if (mux !== undefined) {
    const stream = await mux.open();
    return security === undefined ? stream : security.dialed(toDuplex(stream));
  }
  return secured(await options.dial(options.signal), security);
}

async function loadMux({ dial, signal, brokering }: GrpcConnectOptions): Promise<MuxClient> {
  const { MuxClient } = await import("../../mux/mux-client.ts");
  return new MuxClient({
    connect: async () => toByteStream(await dial(signal)),
    clock: brokering.clock,
  });
}

class GrpcClient implements ProtocolClient {
  readonly drained: Promise<void>;
  readonly #channel: Channel;
  readonly #mux: MuxClient | undefined;
  readonly #signal: AbortSignal;
  readonly #logger: Logger;
  readonly #broker: GrpcBroker;
  readonly #removeSockets: () => void;

  constructor(channel: Channel, mux: MuxClient | undefined, options: GrpcConnectOptions) {
    const { signal, brokering, explainLoss, logger } = options;
    this.#channel = channel;
    this.#mux = mux;
    this.#signal = signal;
    this.#logger = logger;
    this.#broker = new GrpcBroker({
      rendezvous: (send) => loadRendezvous({ ...brokering, mux }, send),
      server: { clock: brokering.clock },
      channel: { ...options.channel, scheme: brokering.security === undefined ? "http" : "https" },
      explained: (stream) => explainedStream(stream, explainLoss),
      onNote: brokering.onNote,
      clock: brokering.clock,
    });
    // Those of brokered connections, also if this process ends first.
    const forget = endWithThisProcess(() => brokering.place.remove());
    this.#removeSockets = () => {
      forget();
      brokering.place.remove();
    };
    const notes = createClient(brokerService, channel).startStream(this.#broker.outgoing(signal));
    void this.#broker.receive(notes);
    const chunks = createClient(stdioService, channel).streamStdio(undefined);
    this.drained = pumpStdio(chunks, options, logger.named("stdio"));
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

  async describe(options: PingOptions): Promise<StatedPlugin | undefined> {
    try {
      return await createClient(describeService, this.#channel).describe(undefined, options);
    } catch (error) {
      if (isStatusError(error) && error.statusName === "UNIMPLEMENTED") return undefined;
      throw error;
    }
  }

  async shutdown(): Promise<void> {
    this.#broker.finish();
    try {
      await createClient(controllerService, this.#channel).shutdown(undefined);
    } catch (error) {
      // As upstream does: an error in the answer is no reason not to wait, the answer often never arrives.
      this.#logger.debug("the plugin did not answer Shutdown", { error });
    }
  }

  destroy(reason: Error): void {
    this.#broker.close(reason);
    this.#removeSockets();
    this.#channel.destroy(reason);
    this.#mux?.destroy(reason);
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
