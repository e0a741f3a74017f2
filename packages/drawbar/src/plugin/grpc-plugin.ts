import {
  type Channel,
  type Client,
  createClient,
  type Implementation,
  type Server,
  type ServiceDefinition,
} from "@drawbar/grpc";
import type { GrpcBroker } from "../broker/grpc-broker.ts";
import type { GrpcClientPlugin, GrpcPlugin } from "./plugin.ts";
import { type DefinitionOf, type ServiceSource, toDefinition } from "./service-definition.ts";

/** What answers a plugin's calls, or what makes that, with the broker. Methods left out answer UNIMPLEMENTED. */
export type GrpcImplementation<Service extends ServiceDefinition> =
  | Partial<Implementation<Service>>
  | ((broker: GrpcBroker) => Partial<Implementation<Service>> | Promise<Partial<Implementation<Service>>>);

/** A service as a plugin, as the host needs it; `implement` makes what a plugin program serves. */
export interface ServicePlugin<Service extends ServiceDefinition, Dispensed = Client<Service>>
  extends GrpcClientPlugin<Dispensed> {
  /**
   * @param implementation the methods, or a function that is called once and gives them: with it the methods
   * reach the broker, for arguments and results that are services or streams of bytes themselves
   */
  implement(implementation: GrpcImplementation<Service>): GrpcPlugin<Dispensed>;
}

/**
 * A plugin that is one gRPC service.
 *
 * @param service a protobuf-es service descriptor, a grpc-js service definition (of ts-proto, proto-loader or
 * grpc-tools), or a ServiceDefinition. Types flow from it to `implement` and to what `dispense` gives.
 * @param wrap makes what `dispense` gives, where that is more than one function for each method: an interface
 * whose arguments go through the broker, or a class of the host's own
 */
export function grpcPlugin<Source extends ServiceSource>(
  service: Source,
): ServicePlugin<DefinitionOf<Source>>;
export function grpcPlugin<Source extends ServiceSource, Dispensed>(
  service: Source,
  wrap: (client: Client<DefinitionOf<Source>>, broker: GrpcBroker, signal: AbortSignal) => Dispensed,
): ServicePlugin<DefinitionOf<Source>, Dispensed>;
export function grpcPlugin<Source extends ServiceSource>(
  service: Source,
  wrap: Wrap<DefinitionOf<Source>, unknown> = (client) => client,
): ServicePlugin<DefinitionOf<Source>, unknown> {
  return new OneService(service, wrap);
}

type Wrap<Service extends ServiceDefinition, Dispensed> = (
  client: Client<Service>,
  broker: GrpcBroker,
  signal: AbortSignal,
) => Dispensed;

class OneService<Source extends ServiceSource, Dispensed>
  implements ServicePlugin<DefinitionOf<Source>, Dispensed>
{
  readonly #source: Source;
  readonly #wrap: Wrap<DefinitionOf<Source>, Dispensed>;

  constructor(source: Source, wrap: Wrap<DefinitionOf<Source>, Dispensed>) {
    this.#source = source;
    this.#wrap = wrap;
  }

  async client(broker: GrpcBroker, channel: Channel, signal: AbortSignal): Promise<Dispensed> {
    return this.#wrap(createClient(await toDefinition(this.#source), channel), broker, signal);
  }

  implement(implementation: GrpcImplementation<DefinitionOf<Source>>): GrpcPlugin<Dispensed> {
    return {
      client: (broker, channel, signal) => this.client(broker, channel, signal),
      server: async (broker: GrpcBroker, server: Server) => {
        const made = typeof implementation === "function" ? await implementation(broker) : implementation;
        server.addService(await toDefinition(this.#source), made);
      },
    };
  }
}
