import { Channel, type ChannelOptions, Server, type ServerOptions } from "@drawbar/grpc";
import type { ByteStream } from "@drawbar/io";
import { BrokerError } from "./broker-error.ts";
import type { ConnInfo } from "./conn-info.ts";
import { NoteQueue } from "./note-queue.ts";
import type { Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** What a broker stands on. */
export interface GrpcBrokerOptions {
  readonly rendezvous: (send: (note: ConnInfo) => void) => Rendezvous;
  /** Defaults of the servers that `serve` makes. */
  readonly server: ServerOptions;
  /** Defaults of the channels that `dial` makes. */
  readonly channel: Omit<ChannelOptions, "connect">;
}

/** A server that answers on one brokered number. */
export interface BrokeredServer {
  /** Takes no more connections and lets calls in flight finish within `graceMs` (default 0). */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Host and plugin use a broker to make further connections between them, known by a number: the one that
 * accepts takes a number from `nextId` and sends it to the other in a call; the other dials it. So an
 * argument or a result can be an interface (`serve`, `dial`) or a stream of bytes (`accept`, `connect`).
 * Whoever comes first waits up to five seconds for the other, as in go-plugin.
 */
export class GrpcBroker {
  readonly #options: GrpcBrokerOptions;
  readonly #rendezvous: Rendezvous;
  readonly #notes = new NoteQueue();
  readonly #servers = new Set<Server>();
  readonly #channels = new Set<Channel>();
  #lastId = 0;
  #closed = false;

  constructor(options: GrpcBrokerOptions) {
    this.#options = options;
    this.#rendezvous = options.rendezvous((note) => this.#notes.push(note));
  }

  /** A number for a new connection, 1 at first. Each side numbers what it accepts. */
  nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  /**
   * Accepts connections for `id` as streams of bytes until the offer is closed.
   * Rejects with `broker-closed`, `broker-id-in-use`, or the system's error if no socket can be made.
   */
  accept(id: number, onConnection: OnConnection): Promise<Offer> {
    if (this.#closed) return Promise.reject(closed(id));
    return this.#rendezvous.offer(id, onConnection);
  }

  /** One connection to what the other side accepts as `id`. Rejects with a BrokerError or the system's error. */
  connect(id: number): Promise<ByteStream> {
    if (this.#closed) return Promise.reject(closed(id));
    return this.#rendezvous.dialer(id)();
  }

  /**
   * Serves gRPC on `id`: `register` adds the services. Rejects as `accept` does.
   * The server lives until it is closed, or the broker is.
   */
  async serve(
    id: number,
    register: (server: Server) => void,
    options?: ServerOptions,
  ): Promise<BrokeredServer> {
    const server = new Server({ ...this.#options.server, ...options });
    register(server);
    const offer = await this.accept(id, (stream) => void server.serve(stream));
    this.#servers.add(server);
    return {
      close: async (closing) => {
        offer.close();
        this.#servers.delete(server);
        await server.close({ graceMs: closing?.graceMs ?? 0 });
      },
    };
  }

  /**
   * A channel to the gRPC server that the other side has on `id`. It connects with its first call, which
   * fails if the other side does not come; close it when it is no longer needed.
   */
  dial(id: number, options?: Omit<ChannelOptions, "connect">): Channel {
    if (this.#closed) throw closed(id);
    const connect = this.#rendezvous.dialer(id);
    const channel: Channel = new Channel({
      ...this.#options.channel,
      ...options,
      connect,
      onStateChange: (state) => {
        if (state === "closed") this.#channels.delete(channel);
        options?.onStateChange?.(state);
      },
    });
    this.#channels.add(channel);
    return channel;
  }

  /** The notes to send, on one stream; ends with `close` or the signal. */
  outgoing(signal: AbortSignal): AsyncIterable<ConnInfo> {
    return this.#notes.read(signal);
  }

  /** Takes the other side's notes, on one stream, until it ends. Never rejects. */
  async receive(incoming: AsyncIterable<ConnInfo>): Promise<void> {
    try {
      for await (const note of incoming) this.#rendezvous.receive(note);
    } catch {
      // The stream ends with the connection, whose loss is told elsewhere.
    }
  }

  /** Ends every brokered connection and offer; whoever waits fails with `broker-closed`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new BrokerError("broker-closed", "broker closed");
    this.#notes.close();
    this.#rendezvous.close(error);
    for (const server of this.#servers) server.destroy();
    for (const channel of this.#channels) channel.destroy(error);
  }
}

function closed(id: number): BrokerError {
  return new BrokerError("broker-closed", `broker closed: connection ${id} cannot be made any more`, {
    facts: { id },
  });
}
