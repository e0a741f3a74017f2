import type { ByteStream, Clock } from "@drawbar/io";
import { Client, ServerError, type ServiceClient } from "@drawbar/netrpc";
import { Session } from "@drawbar/yamux";
import { MuxBroker } from "../../broker/mux-broker.ts";
import { type Dial, secured } from "../../connect/dial.ts";
import { explainedStream } from "../../connect/explained-stream.ts";
import { PluginDispenseError } from "../../errors.ts";
import type { SafeSink } from "../../launch/sink.ts";
import type { Logger } from "../../log/logger.ts";
import type { NetRpcSettings } from "../../plugin/netrpc-settings.ts";
import type { ClientPlugin } from "../../plugin/plugin.ts";
import { overNetRpc } from "../../plugin/plugin-halves.ts";
import type { TransportSecurity } from "../../security/transport-security.ts";
import type { PingOptions, ProtocolClient } from "../protocol-client.ts";
import type { StatedPlugin } from "../stated-plugin.ts";
import { controlService, describeService, dispenserService } from "./services.ts";
import { pumpStdio } from "./stdio-pump.ts";

/** What a host's net/rpc connection to a plugin is made of. */
export interface NetRpcConnectOptions {
  /** Makes a connection that is not secured yet, not started. */
  readonly dial: Dial;
  readonly settings: NetRpcSettings;
  readonly security?: TransportSecurity | undefined;
  /** Aborts when the plugin's process is over. */
  readonly signal: AbortSignal;
  readonly explainLoss: (cause: Error | undefined) => Promise<Error>;
  readonly stdout: SafeSink;
  readonly stderr: SafeSink;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Connects to a plugin and opens the streams that go-plugin's hosts open. Rejects if nobody answers. */
export async function connectNetRpc(options: NetRpcConnectOptions): Promise<ProtocolClient> {
  return new NetRpcClient(explainedStream(await connect(options), options.explainLoss), options);
}

async function connect({ dial, security, signal }: NetRpcConnectOptions): Promise<ByteStream> {
  return secured(await dial(signal), security);
}

class NetRpcClient implements ProtocolClient {
  readonly drained: Promise<void>;
  readonly #options: NetRpcConnectOptions;
  readonly #session: Session;
  readonly #broker: MuxBroker;
  readonly #control: ServiceClient<typeof controlService.methods>;
  readonly #dispenser: ServiceClient<typeof dispenserService.methods>;
  readonly #describer: ServiceClient<typeof describeService.methods>;

  constructor(connection: ByteStream, options: NetRpcConnectOptions) {
    const { settings, clock, logger } = options;
    this.#options = options;
    this.#session = new Session(connection, {
      ...settings.session,
      clock,
      role: "client",
      onStream: (stream) => this.#broker.receive(stream),
    });
    // A plugin that ends in order ends its control first; why the connection was lost is told already.
    const explainEnd = async (cause: Error | undefined) => cause ?? options.explainLoss(undefined);
    // A plugin takes the first three streams for these, in this order.
    const control = new Client(explainedStream(this.#session.open(), explainEnd), { clock });
    const output = [options.stdout, options.stderr].map((sink) => pumpStdio(this.#session.open(), sink));
    this.drained = Promise.all(output).then(() => undefined);
    this.#broker = new MuxBroker({
      open: () => this.#session.open(),
      settings,
      clock,
      logger: logger.named("broker"),
    });
    this.#control = control.service(controlService);
    this.#dispenser = control.service(dispenserService);
    this.#describer = control.service(describeService);
    void this.#session.closed.then((error) => this.#broker.close(error));
  }

  async dispense(name: string, plugin: ClientPlugin): Promise<unknown> {
    const half = overNetRpc(plugin);
    if (half === undefined) throw notOverNetRpc(name);
    const id = await this.#dispenser.Dispense(name);
    const { settings, clock, signal } = this.#options;
    const client = new Client(await this.#broker.dial(id), { ...settings, clock });
    return half.client(this.#broker, client, signal);
  }

  async ping(options: PingOptions): Promise<void> {
    await this.#control.Ping(true, options);
  }

  async describe(options: PingOptions): Promise<StatedPlugin | undefined> {
    try {
      const { Name, Version } = await this.#describer.Describe(true, options);
      return { name: Name || undefined, version: Version || undefined };
    } catch (error) {
      // As Go answers for a service that it does not have.
      if (error instanceof ServerError) return undefined;
      throw error;
    }
  }

  async shutdown(): Promise<void> {
    try {
      await this.#control.Quit(true);
    } catch (error) {
      // A plugin that ends may take its answer along; one that answers with an error will not end.
      if (error instanceof ServerError) throw error;
      this.#options.logger.debug("the plugin ended without an answer to Quit", { error });
    }
  }

  destroy(reason: Error): void {
    this.#broker.close(reason);
    this.#session.destroy(reason);
  }
}

function notOverNetRpc(name: string): PluginDispenseError {
  return new PluginDispenseError(
    "plugin-protocol-unsupported",
    `net/rpc plugin protocol not supported: the plugin speaks net/rpc, and the host knows ${JSON.stringify(name)} ` +
      "over gRPC alone; give the host a netrpcPlugin for it, or use a build of the plugin that speaks gRPC",
    { facts: { name } },
  );
}
