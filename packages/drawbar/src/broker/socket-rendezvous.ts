import type { Socket } from "node:net";
import type { Clock } from "@drawbar/io";
import { connectSocket, type SocketAddress, socketStream } from "@drawbar/io/node";
import { formatSocketAddress, parseSocketAddress } from "../handshake/socket-address.ts";
import type { Listener } from "../listen/listening-place.ts";
import type { Logger } from "../log/logger.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { AwaitedNotes } from "./awaited-notes.ts";
import { BrokerError, brokerClosed, idInUse } from "./broker-error.ts";
import type { ConnInfo } from "./conn-info.ts";
import type { BrokeredOptions, Dial, Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** What differs between host and plugin, and between where they run. */
export interface SocketRendezvousOptions {
  readonly send: (note: ConnInfo) => void;
  readonly listen: (onSocket: (socket: Socket) => void) => Promise<Listener>;
  /** Our listener's address as the other side reaches it (a container's view, say). */
  readonly toPeer?: (address: SocketAddress) => SocketAddress;
  /** The other side's address as we reach it. */
  readonly fromPeer?: (address: SocketAddress) => SocketAddress;
  readonly security: TransportSecurity | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A socket of its own for each number, whose address is sent as a note. */
export class SocketRendezvous implements Rendezvous {
  readonly #options: SocketRendezvousOptions;
  readonly #notes: AwaitedNotes<ConnInfo>;
  /** By number; undefined while the socket is being made. */
  readonly #listeners = new Map<number, Listener | undefined>();
  #closed = false;

  constructor(options: SocketRendezvousOptions) {
    this.#options = options;
    this.#notes = new AwaitedNotes(options.clock);
  }

  async offer(id: number, onConnection: OnConnection, options: BrokeredOptions = {}): Promise<Offer> {
    if (this.#listeners.has(id)) throw idInUse(id);
    this.#listeners.set(id, undefined);
    const listener = await this.#listen(id, this.#onSocket(id, onConnection, options));
    const address = this.#options.toPeer?.(listener.address) ?? listener.address;
    this.#options.send({
      serviceId: id,
      network: address.network,
      address: formatSocketAddress(address),
    });
    return {
      close: () => {
        if (this.#listeners.get(id) === listener) this.#listeners.delete(id);
        listener.close();
      },
    };
  }

  dialer(id: number, { plaintext }: BrokeredOptions = {}): Dial {
    // The note comes once; whoever reconnects goes where it said.
    let address: SocketAddress | undefined;
    return async () => {
      address ??= this.#readAddress(id, await this.#notes.take(id, "timeout waiting for connection info"));
      const socket = await connectSocket(address);
      const { security } = this.#options;
      return security === undefined || plaintext ? socketStream(socket) : security.dialed(socket);
    };
  }

  receive(note: ConnInfo): void {
    if (this.#notes.put(note.serviceId, note)) return;
    this.#options.logger.warn("dropped connection info that nobody waits for", { id: note.serviceId });
  }

  close(error: Error): void {
    this.#closed = true;
    this.#notes.close(error);
    for (const listener of this.#listeners.values()) listener?.close();
    this.#listeners.clear();
  }

  #onSocket(
    id: number,
    onConnection: OnConnection,
    { plaintext }: BrokeredOptions,
  ): (socket: Socket) => void {
    const { security, logger } = this.#options;
    if (security === undefined || plaintext) return (socket) => onConnection(socketStream(socket));
    return security.acceptor(onConnection, (error) =>
      logger.warn("refused a brokered connection", { id, error }),
    );
  }

  async #listen(id: number, onSocket: (socket: Socket) => void): Promise<Listener> {
    try {
      const listener = await this.#options.listen(onSocket);
      if (this.#closed) {
        listener.close();
        throw brokerClosed(id);
      }
      this.#listeners.set(id, listener);
      return listener;
    } catch (error) {
      this.#listeners.delete(id);
      throw error;
    }
  }

  #readAddress(id: number, { network, address }: ConnInfo): SocketAddress {
    const parsed = network === "unix" || network === "tcp" ? parseSocketAddress(network, address) : undefined;
    if (parsed === undefined) {
      throw new BrokerError(
        "broker-address-invalid",
        `unknown address type: ${address} (network ${network})`,
        { facts: { id, network, address } },
      );
    }
    return this.#options.fromPeer?.(parsed) ?? parsed;
  }
}
