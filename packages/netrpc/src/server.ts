import type { GobLimits, Registry } from "@drawbar/gob";
import { type ByteStream, type Clock, systemClock } from "@drawbar/io";
import type { Implementation, Methods, Service } from "./contract.ts";
import { ServerConnection } from "./server-connection.ts";
import { ServiceTable } from "./service-table.ts";

/** How a server behaves. */
export interface ServerOptions {
  /**
   * Requests of one connection that may be handled at a time; while there are as many, no more are read.
   * Default 1 024; Go has no limit.
   */
  readonly maxConcurrentRequests?: number;
  /** Types that `any` values may hold, both ways. */
  readonly registry?: Registry;
  /** What is taken from a client; see GobLimits. Default: Go's own, 1 GiB a message. */
  readonly limits?: Partial<GobLimits>;
  /** Where time comes from. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** A connection that is being served. */
export interface ServedConnection {
  /** Settles when the connection is gone: with undefined after an end in order, else with the reason. */
  readonly closed: Promise<Error | undefined>;
  /** Requests that have no answer yet. */
  readonly requestCount: number;
  /** Cuts the connection. */
  destroy(error?: Error): void;
}

const defaultGraceMs = 5_000;

/** The answering end of net/rpc: services by name, on any number of connections. */
export class Server implements AsyncDisposable {
  readonly #table = new ServiceTable();
  readonly #connections = new Set<ServerConnection>();
  readonly #options: ServerOptions;
  #phase: "open" | "closed" = "open";

  constructor(options: ServerOptions = {}) {
    this.#options = options;
  }

  /**
   * Offers a service.
   * @param options `name`: the name to offer it under, if not the contract's own
   * @throws NetRpcError netrpc-bad-service when the name is taken or a method is missing
   */
  register<M extends Methods>(
    contract: Service<M>,
    implementation: Implementation<M>,
    options?: { readonly name?: string },
  ): this {
    this.#table.add(options?.name ?? contract.name, contract, implementation);
    return this;
  }

  /** Serves a connection, not started yet, that is the server's from here on. */
  serve(stream: ByteStream): ServedConnection {
    const { maxConcurrentRequests = 1_024, registry, limits, clock = systemClock } = this.#options;
    const settings = { table: this.#table, maxConcurrentRequests, registry, limits, clock };
    const connection = new ServerConnection(stream, settings);
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
    if (this.#phase === "closed") connection.destroy();
    return connection;
  }

  /**
   * Ends in order: reads no more requests, answers those that were read, ends every connection; cuts
   * what is left after `graceMs` (default 5 000). Resolves once all are closed.
   */
  async close(options?: { readonly graceMs?: number }): Promise<void> {
    this.#phase = "closed";
    const graceMs = options?.graceMs ?? defaultGraceMs;
    await Promise.all([...this.#connections].map((connection) => connection.close(graceMs)));
  }

  /** Cuts every connection. */
  destroy(error?: Error): void {
    this.#phase = "closed";
    for (const connection of this.#connections) connection.destroy(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
