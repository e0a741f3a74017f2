import { type ByteStream, type Clock, isDrawbarError } from "@drawbar/io";
import {
  Client,
  type Implementation,
  type Methods,
  Server,
  type Service,
  type ServiceClient,
} from "@drawbar/netrpc";
import type { Logger } from "../log/logger.ts";
import type { NetRpcSettings } from "../plugin/netrpc-settings.ts";
import { AwaitedNotes, brokerTimeoutMs } from "./awaited-notes.ts";
import { BrokerError } from "./broker-error.ts";
import { type HeadFailure, readHead } from "./read-head.ts";

/** What a broker stands on. */
export interface MuxBrokerOptions {
  /** Opens a stream to the other side. Throws once the session is over. */
  readonly open: () => ByteStream;
  /** For the services that it serves and calls. */
  readonly settings: NetRpcSettings;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A service that answers on one brokered connection. */
export interface BrokeredService {
  /**
   * Settles when the connection is over: with undefined after an end in order, else with the reason, such as
   * a `broker-timeout` if the other side never came. Never rejects.
   */
  readonly closed: Promise<Error | undefined>;
  /** Lets calls in flight finish within `graceMs` (default 5 000) and ends the connection. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/** A service of the other side, called over one brokered connection. */
export interface RemoteService<M extends Methods> extends AsyncDisposable {
  readonly service: ServiceClient<M>;
  /** As for `BrokeredService`. */
  readonly closed: Promise<Error | undefined>;
  /** Waits for calls in flight, at most `graceMs` (default 5 000), and ends the connection. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/** The name of the one service on a brokered connection, as in go-plugin. */
export const brokeredServiceName: string = "Plugin";

const idBytes = 4;

// Why a service that was closed before its caller came is not accepted any more; never seen outside.
const withdrawn = new BrokerError("broker-closed", "withdrawn");

/**
 * Host and plugin use a broker to make further connections between them, known by a number: the one that
 * accepts takes a number from `nextId` and sends it to the other in a call; the other dials it. So an argument
 * or a result can be an interface (`acceptAndServe`, `dialService`) or a stream of bytes (`accept`, `dial`).
 * Whoever comes first waits up to five seconds for the other, as in go-plugin.
 *
 * On the wire a connection is a yamux stream that begins with its number in four bytes, little-endian, which
 * the accepting side sends back.
 */
export class MuxBroker {
  readonly #options: MuxBrokerOptions;
  readonly #arrived: AwaitedNotes<ByteStream>;
  #lastId = 0;
  #unnumbered = 0;
  #closed: BrokerError | undefined;

  constructor(options: MuxBrokerOptions) {
    this.#options = options;
    this.#arrived = new AwaitedNotes(options.clock, (stream) => stream.destroy(new Error("nobody accepts")));
  }

  /** Connections that wait for their other side, either way. */
  get pendingCount(): number {
    return this.#arrived.size + this.#unnumbered;
  }

  /** A number for a new connection, 1 at first. Each side numbers what it accepts. */
  nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  /**
   * The connection that the other side dials as `id`, not started yet.
   * Rejects with `broker-timeout`, `broker-id-in-use` or `broker-closed`.
   */
  async accept(id: number): Promise<ByteStream> {
    if (this.#closed !== undefined) throw this.#closed;
    const stream = await this.#arrived.take(id, `timeout waiting for accept: nobody dialed connection ${id}`);
    stream.write(encodeId(id));
    return stream;
  }

  /**
   * A connection to what the other side accepts as `id`, not started yet.
   * Rejects with `broker-timeout`, `broker-refused` or `broker-closed`.
   */
  async dial(id: number): Promise<ByteStream> {
    if (this.#closed !== undefined) throw this.#closed;
    const opened = this.#options.open();
    opened.write(encodeId(id));
    const answer = await readHead(opened, idBytes, this.#options.clock, brokerTimeoutMs);
    if ("reason" in answer) throw notDialed(id, answer);
    const ack = decodeId(answer.head);
    if (ack === id) return answer.stream;
    answer.stream.destroy();
    throw new BrokerError("broker-refused", `bad ack: ${ack} (expected ${id})`, { facts: { id, ack } });
  }

  /**
   * Accepts `id` and answers calls on it, as the service `Plugin`. Returns at once, so that `id` can be sent
   * to the other side; nothing needs to be awaited.
   */
  acceptAndServe<M extends Methods>(
    id: number,
    contract: Service<M>,
    implementation: Implementation<M>,
    settings?: NetRpcSettings,
  ): BrokeredService {
    const { clock, logger } = this.#options;
    const server = new Server({ ...this.#options.settings, ...settings, clock });
    server.register(contract, implementation, { name: brokeredServiceName });
    const closed = this.accept(id).then(
      (stream) => server.serve(stream).closed,
      (error: Error) => {
        if (error === withdrawn) return undefined;
        logger.warn("nobody came for a brokered service", { id, reason: error.message });
        return error;
      },
    );
    const close = async (options?: { readonly graceMs?: number }): Promise<void> => {
      this.#arrived.abandon(id, withdrawn);
      await server.close(options);
    };
    return { closed, close };
  }

  /** Dials `id`, where the other side serves `contract`. Rejects as `dial` does. */
  async dialService<M extends Methods>(
    id: number,
    contract: Service<M>,
    settings?: NetRpcSettings,
  ): Promise<RemoteService<M>> {
    const { clock } = this.#options;
    const client = new Client(await this.dial(id), { ...this.#options.settings, ...settings, clock });
    return {
      service: client.service(contract, { name: brokeredServiceName }),
      closed: client.closed,
      close: (options) => client.close(options),
      [Symbol.asyncDispose]: () => client.close(),
    };
  }

  /** A stream that the other side opened; its number comes first. For whoever owns the session. */
  receive(stream: ByteStream): void {
    this.#unnumbered++;
    void readHead(stream, idBytes, this.#options.clock, brokerTimeoutMs).then((result) => {
      this.#unnumbered--;
      if ("reason" in result) return;
      const id = decodeId(result.head);
      if (this.#closed === undefined && this.#arrived.put(id, result.stream)) return;
      this.#options.logger.warn("refused a brokered connection: its number is dialed already", { id });
      result.stream.destroy(new Error("refused"));
    });
  }

  /** Whoever waits fails with `broker-closed`; connections that stand end with the session. */
  close(cause?: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = new BrokerError("broker-closed", "broker closed", { cause });
    this.#arrived.close(this.#closed);
  }
}

function encodeId(id: number): Uint8Array {
  const bytes = new Uint8Array(idBytes);
  new DataView(bytes.buffer).setUint32(0, id, true);
  return bytes;
}

function decodeId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, idBytes).getUint32(0, true);
}

function notDialed(id: number, failure: HeadFailure): BrokerError {
  const facts = { id };
  if (failure.reason === "timeout") {
    const message = `timeout waiting for the other side to accept connection ${id}`;
    return new BrokerError("broker-timeout", message, { facts });
  }
  const { error: cause } = failure;
  if (cause === undefined || (isDrawbarError(cause) && cause.code === "yamux-stream-reset")) {
    const message = `the other side does not accept connection ${id}`;
    return new BrokerError("broker-refused", message, { cause, facts });
  }
  const message = `connection ${id} cannot be made: ${cause.message}`;
  return new BrokerError("broker-closed", message, { cause, facts });
}
