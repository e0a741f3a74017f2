import type { Socket } from "node:net";
import type { Clock } from "@drawbar/io";
import { connectSocket, type SocketAddress, socketStream } from "@drawbar/io/node";
import { formatSocketAddress, parseSocketAddress } from "../handshake/socket-address.ts";
import type { Logger } from "../log/logger.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { AwaitedNotes } from "./awaited-notes.ts";
import { BrokerError } from "./broker-error.ts";
import type { ConnInfo } from "./conn-info.ts";
import type { Dial, Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** A listening socket made for one number. */
export interface BrokerListener {
  readonly address: SocketAddress;
  /** Takes no more connections, and removes what it left in the file system. */
  close(): void;
}

/** What differs between host and plugin, and between where they run. */
export interface SocketRendezvousOptions {
  readonly send: (note: ConnInfo) => void;
  readonly listen: (onSocket: (socket: Socket) => void) => Promise<BrokerListener>;
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
  readonly #listeners = new Set<BrokerListener>();

  constructor(options: SocketRendezvousOptions) {
    this.#options = options;
    this.#notes = new AwaitedNotes(options.clock);
  }

  async offer(id: number, onConnection: OnConnection): Promise<Offer> {
    const { security, listen, send, toPeer, logger } = this.#options;
    const onSocket =
      security === undefined
        ? (socket: Socket) => onConnection(socketStream(socket))
        : security.acceptor(onConnection, (error) =>
            logger.warn("refused a brokered connection", { id, error }),
          );
    const listener = await listen(onSocket);
    this.#listeners.add(listener);
    const address = toPeer?.(listener.address) ?? listener.address;
    send({ serviceId: id, network: address.network, address: formatSocketAddress(address) });
    return {
      close: () => {
        this.#listeners.delete(listener);
        listener.close();
      },
    };
  }

  dialer(id: number): Dial {
    // The note comes once; whoever reconnects goes where it said.
    let address: SocketAddress | undefined;
    return async () => {
      address ??= this.#readAddress(id, await this.#notes.take(id, "timeout waiting for connection info"));
      const socket = await connectSocket(address);
      return this.#options.security?.dialed(socket) ?? socketStream(socket);
    };
  }

  receive(note: ConnInfo): void {
    if (this.#notes.put(note.serviceId, note)) return;
    this.#options.logger.warn("dropped connection info that nobody waits for", { id: note.serviceId });
  }

  close(error: Error): void {
    this.#notes.close(error);
    for (const listener of this.#listeners) listener.close();
    this.#listeners.clear();
  }

  #readAddress(id: number, { network, address }: ConnInfo): SocketAddress {
    const parsed = network === "unix" || network === "tcp" ? parseSocketAddress(network, address) : undefined;
    if (parsed === undefined) {
      throw new BrokerError(
        "broker-address-invalid",
        `unknown address type: ${address} (network ${network})`,
        {
          facts: { id, network, address },
        },
      );
    }
    return this.#options.fromPeer?.(parsed) ?? parsed;
  }
}
