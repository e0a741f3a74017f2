import {
  type Channel,
  type Client,
  createClient,
  type Implementation,
  type Server,
  type ServiceDefinition,
} from "@drawbar/grpc";
import type { GrpcBroker } from "../protocol/grpc/broker.ts";
import type { GrpcClientPlugin, GrpcPlugin } from "./plugin.ts";
import { type DefinitionOf, type ServiceSource, toDefinition } from "./service-definition.ts";

/** A service as a plugin, as the host needs it; `implement` makes what a plugin program serves. */
export interface ServicePlugin<Service extends ServiceDefinition> extends GrpcClientPlugin<Client<Service>> {
  /** Methods that are left out answer UNIMPLEMENTED. */
  implement(implementation: Partial<Implementation<Service>>): GrpcPlugin<Client<Service>>;
}

/**
 * A plugin that is one gRPC service.
 *
 * @param service a protobuf-es service descriptor, a grpc-js service definition (of ts-proto, proto-loader or
 * grpc-tools), or a ServiceDefinition. Types flow from it to `implement` and to what `dispense` gives.
 */
export function grpcPlugin<Source extends ServiceSource>(
  service: Source,
): ServicePlugin<DefinitionOf<Source>> {
  return new OneService(service);
}

class OneService<Source extends ServiceSource> implements ServicePlugin<DefinitionOf<Source>> {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  async client(_: GrpcBroker, channel: Channel): Promise<Client<DefinitionOf<Source>>> {
    return createClient(await toDefinition(this.#source), channel);
  }

  implement(
    implementation: Partial<Implementation<DefinitionOf<Source>>>,
  ): GrpcPlugin<Client<DefinitionOf<Source>>> {
    return {
      client: (broker, channel) => this.client(broker, channel),
      server: async (_: GrpcBroker, server: Server) => {
        server.addService(await toDefinition(this.#source), implementation);
      },
    };
  }
}
