import type { Implementation, Methods, Client as RpcClient, Service, ServiceClient } from "@drawbar/netrpc";
import type { MuxBroker } from "../broker/mux-broker.ts";
import type { NetRpcClientPlugin, NetRpcPlugin } from "./plugin.ts";
import { receiver } from "./receiver.ts";

/** What answers a plugin's calls, or what makes that for each connection, with the broker of that host. */
export type NetRpcImplementation<M extends Methods> =
  | Implementation<M>
  | ((broker: MuxBroker) => Implementation<M> | Promise<Implementation<M>>);

/** A net/rpc service as a plugin, as the host needs it; `implement` makes what a plugin program serves. */
export interface NetRpcServicePlugin<M extends Methods, Client> extends NetRpcClientPlugin<Client> {
  /**
   * @param implementation the methods, or a function that is called at every dispense and gives them: with it
   * the methods reach the broker, for arguments and results that are services or streams themselves
   */
  implement(implementation: NetRpcImplementation<M>): NetRpcPlugin<Client>;
}

/**
 * A plugin that is one net/rpc service.
 *
 * @param contract of `@drawbar/netrpc`; its types flow to `implement` and to what `dispense` gives
 * @param wrap makes what `dispense` gives, where that is more than one function for each method: an interface
 * whose arguments go through the broker, or a class of the host's own
 */
export function netrpcPlugin<M extends Methods>(
  contract: Service<M>,
): NetRpcServicePlugin<M, ServiceClient<M>>;
export function netrpcPlugin<M extends Methods, Client>(
  contract: Service<M>,
  wrap: (service: ServiceClient<M>, broker: MuxBroker) => Client,
): NetRpcServicePlugin<M, Client>;
export function netrpcPlugin<M extends Methods>(
  contract: Service<M>,
  wrap: (service: ServiceClient<M>, broker: MuxBroker) => unknown = (service) => service,
): NetRpcServicePlugin<M, unknown> {
  return new OneService(contract, wrap);
}

class OneService<M extends Methods, Client> implements NetRpcServicePlugin<M, Client> {
  readonly protocol = "netrpc";
  readonly #contract: Service<M>;
  readonly #wrap: (service: ServiceClient<M>, broker: MuxBroker) => Client;

  constructor(contract: Service<M>, wrap: (service: ServiceClient<M>, broker: MuxBroker) => Client) {
    this.#contract = contract;
    this.#wrap = wrap;
  }

  client(broker: MuxBroker, client: RpcClient): Client {
    return this.#wrap(client.service(this.#contract, { name: "Plugin" }), broker);
  }

  implement(implementation: NetRpcImplementation<M>): NetRpcPlugin<Client> {
    return {
      protocol: "netrpc",
      client: (broker, client) => this.client(broker, client),
      server: async (broker) => {
        const made = typeof implementation === "function" ? await implementation(broker) : implementation;
        return receiver(this.#contract, made);
      },
    };
  }
}
