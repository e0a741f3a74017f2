import type { Implementation, Methods, Server, Service } from "@drawbar/netrpc";

/** A service together with what answers its calls: what Go's net/rpc calls a receiver. */
export interface Receiver {
  /** Offers the service on a server, under a name that the server's user chooses. */
  register(server: Server, name: string): void;
}

/** A receiver for a contract of `@drawbar/netrpc`. */
export function receiver<M extends Methods>(
  contract: Service<M>,
  implementation: Implementation<M>,
): Receiver {
  return {
    register: (server, name) => {
      server.register(contract, implementation, { name });
    },
  };
}
