import {
  Channel,
  type ChannelOptions,
  type Client,
  createClient,
  type Implementation,
  Server,
  type ServerOptions,
} from "@drawbar/grpc";
import type { ByteStream, Clock } from "@drawbar/io";
import { type DefinitionOf, type ServiceSource, toDefinition } from "../plugin/service-definition.ts";
import { brokerTimeoutMs } from "./awaited-notes.ts";
import { BrokerError, brokerClosed } from "./broker-error.ts";
import type { ConnInfo } from "./conn-info.ts";
import { NoteQueue } from "./note-queue.ts";
import type { BrokeredOptions, Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** What a broker stands on. */
export interface GrpcBrokerOptions {
  /** Called once, when the first connection is brokered. */
  readonly rendezvous: (send: (note: ConnInfo) => void) => Promise<Rendezvous>;
  /** Defaults of the servers that `serve` makes. */
  readonly server: ServerOptions;
  /** Defaults of the channels that `dial` makes. */
  readonly channel: Omit<ChannelOptions, "connect">;
  /** Told of each note of the other side. */
  readonly onNote?: ((note: ConnInfo) => void) | undefined;
  /** Makes the loss of a channel's connection tell more. */
  readonly explained?: (stream: ByteStream) => ByteStream;
  readonly clock: Clock;
}

/** A server that answers on one brokered number. */
export interface BrokeredServer extends AsyncDisposable {
  /** Takes no more connections and lets calls in flight finish within `graceMs` (default 0). */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/** What calls go through to a service that the other side has on a brokered number. */
export interface BrokeredClient<Service> extends AsyncDisposable {
  readonly service: Service;
  /** Lets calls in flight finish, then closes the connection. */
  close(): Promise<void>;
}

/**
 * Host and plugin use a broker to make further connections between them, known by a number: the one that
 * accepts takes a number from `nextId` and sends it to the other in a call; the other dials it, once. So an
 * argument or a result can be an interface (`acceptAndServe`, `dialService`) or a stream of bytes (`accept`,
 * `connect`). Whoever comes first waits up to five seconds for the other.
 *
 * Where host and plugin use TLS, brokered connections do too; whoever accepts is the TLS server.
 */
export class GrpcBroker {
  readonly #options: GrpcBrokerOptions;
  readonly #notes = new NoteQueue();
  readonly #servers = new Set<Server>();
  readonly #channels = new Set<Channel>();
  #rendezvous: Promise<Rendezvous> | undefined;
  #lastId = 0;
  #closed = false;

  constructor(options: GrpcBrokerOptions) {
    this.#options = options;
  }

  /** A number for a new connection, 1 at first. Each side numbers what it accepts. */
  nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  /**
   * Serves one service on `id`, as an argument or a result of a call: send the other side the number.
   * It lives until it is closed, or the broker is. Rejects as `listen` does.
   */
  async acceptAndServe<Source extends ServiceSource>(
    id: number,
    service: Source,
    implementation: Partial<Implementation<DefinitionOf<Source>>>,
    options?: ServerOptions,
  ): Promise<BrokeredServer> {
    const definition = await toDefinition(service);
    return this.serve(id, (server) => void server.addService(definition, implementation), options);
  }

  /**
   * The service that the other side has on `id`. It connects with its first call, which fails if the other side
   * does not come. Close it when it is no longer needed.
   */
  async dialService<Source extends ServiceSource>(
    id: number,
    service: Source,
    options?: Omit<ChannelOptions, "connect">,
  ): Promise<BrokeredClient<Client<DefinitionOf<Source>>>> {
    const definition = await toDefinition(service);
    const channel = this.dial(id, options);
    const close = (): Promise<void> => channel.close();
    return { service: createClient(definition, channel), close, [Symbol.asyncDispose]: close };
  }

  /**
   * Serves gRPC on `id`: `register` adds the services. Rejects as `listen` does.
   * The server lives until it is closed, or the broker is.
   */
  async serve(
    id: number,
    register: (server: Server) => void,
    options?: ServerOptions,
  ): Promise<BrokeredServer> {
    const server = new Server({ ...this.#options.server, ...options });
    register(server);
    const offer = await this.listen(id, (stream) => void server.serve(stream));
    this.#servers.add(server);
    const close = async (closing?: { readonly graceMs?: number }): Promise<void> => {
      offer.close();
      this.#servers.delete(server);
      await server.close({ graceMs: closing?.graceMs ?? 0 });
    };
    return { close, [Symbol.asyncDispose]: close };
  }

  /**
   * A channel to the gRPC server that the other side has on `id`. It connects with its first call, which
   * fails if the other side does not come; close it when it is no longer needed.
   */
  dial(id: number, options?: Omit<ChannelOptions, "connect">): Channel {
    if (this.#closed) throw brokerClosed(id);
    const dialer = this.#loaded().then((rendezvous) => rendezvous.dialer(id));
    // A failure is told by the first call.
    dialer.catch(() => {});
    const explained = this.#options.explained ?? ((stream) => stream);
    const channel: Channel = new Channel({
      ...this.#options.channel,
      ...options,
      connect: async () => explained(await (await dialer)()),
      onStateChange: (state) => {
        if (state === "closed") this.#channels.delete(channel);
        options?.onStateChange?.(state);
      },
    });
    this.#channels.add(channel);
    return channel;
  }

  /**
   * Accepts connections for `id` as streams of bytes until the offer is closed. They are the caller's, also
   * beyond the broker's end.
   * Rejects with `broker-closed`, `broker-id-in-use`, or the system's error if no socket can be made.
   */
  async listen(id: number, onConnection: OnConnection, options?: BrokeredOptions): Promise<Offer> {
    if (this.#closed) throw brokerClosed(id);
    const rendezvous = await this.#loaded();
    if (this.#closed) throw brokerClosed(id);
    return rendezvous.offer(id, onConnection, options);
  }

  /**
   * The one connection that the other side makes to `id`, as a stream of bytes. Call it before the other side
   * learns the number, and await it afterwards. Rejects as `listen` does, or with `broker-timeout`.
   */
  accept(id: number, options?: BrokeredOptions): Promise<ByteStream> {
    const stream = this.#acceptOne(id, options);
    // Whoever fails before it comes to await this must not end the process by it.
    stream.catch(() => {});
    return stream;
  }

  /**
   * One connection to what the other side accepts as `id`, as a stream of bytes.
   * Rejects with a BrokerError or the system's error.
   */
  async connect(id: number, options?: BrokeredOptions): Promise<ByteStream> {
    if (this.#closed) throw brokerClosed(id);
    const rendezvous = await this.#loaded();
    return rendezvous.dialer(id, options)();
  }

  /** The notes to send, on one stream; ends with `close` or the signal. */
  outgoing(signal: AbortSignal): AsyncIterable<ConnInfo> {
    return this.#notes.read(signal);
  }

  /** Takes the other side's notes, on one stream, until it ends. Never rejects. */
  async receive(incoming: AsyncIterable<ConnInfo>): Promise<void> {
    try {
      for await (const note of incoming) {
        this.#options.onNote?.(note);
        (await this.#loaded()).receive(note);
      }
    } catch {
      // The stream ends with the connection, whose loss is told elsewhere.
    }
  }

  /** Ends the streams of notes: no new connection is brokered, those that stand go on. */
  finish(): void {
    this.#notes.close();
  }

  /** Ends every offer, server and channel; whoever waits fails with `broker-closed`. */
  close(cause?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new BrokerError("broker-closed", "broker closed", { cause });
    this.#notes.close();
    void this.#rendezvous?.then((rendezvous) => rendezvous.close(error));
    for (const server of this.#servers) server.destroy();
    for (const channel of this.#channels) channel.destroy(cause ?? error);
  }

  async #acceptOne(id: number, options?: BrokeredOptions): Promise<ByteStream> {
    let settle: (stream: ByteStream | undefined) => void = () => {};
    const first = new Promise<ByteStream | undefined>((resolve) => {
      settle = resolve;
    });
    let taken = false;
    const take = (stream: ByteStream): void => {
      if (taken) stream.destroy();
      taken = true;
      settle(stream);
    };
    const offer = await this.listen(id, take, options);
    const timer = this.#options.clock.setTimer(brokerTimeoutMs, () => settle(undefined));
    const stream = await first;
    timer.cancel();
    offer.close();
    if (stream === undefined) {
      throw new BrokerError("broker-timeout", `timeout waiting for accept: nobody dialled connection ${id}`, {
        facts: { id },
      });
    }
    return stream;
  }

  #loaded(): Promise<Rendezvous> {
    this.#rendezvous ??= this.#options.rendezvous((note) => this.#notes.push(note));
    return this.#rendezvous;
  }
}
