import type { ByteStream, Clock } from "@drawbar/io";
import { toDuplex } from "@drawbar/io/node";
import type { Logger } from "../log/logger.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { AwaitedNotes } from "./awaited-notes.ts";
import { BrokerError } from "./broker-error.ts";
import type { ConnInfo, Knock } from "./conn-info.ts";
import type { Dial, Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** The one connection of a multiplexed plugin, as far as brokering needs it. */
export interface StreamOpener {
  open(): ByteStream;
}

/** What a MuxRendezvous stands on. */
export interface MuxRendezvousOptions {
  readonly send: (note: ConnInfo) => void;
  /** The session; a plugin has none before its host has connected. */
  readonly session: () => Promise<StreamOpener>;
  readonly security: TransportSecurity | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Brokered connections as streams of the one yamux session: who dials knocks for a number, waits for the
 * answer, and then opens a stream, which the other side gives to that number. A stream carries no number
 * of its own, so one is opened at a time.
 */
export class MuxRendezvous implements Rendezvous {
  readonly #options: MuxRendezvousOptions;
  readonly #acks: AwaitedNotes<Knock>;
  // Knocks for numbers that are not offered yet: a peer may learn a number before its offer stands.
  readonly #knocks: AwaitedNotes<Knock>;
  readonly #offers = new Map<number, OnConnection>();
  // Answered knocks whose streams are on their way, in order.
  readonly #expected: number[] = [];
  #dialing: Promise<unknown> = Promise.resolve();

  constructor(options: MuxRendezvousOptions) {
    this.#options = options;
    this.#acks = new AwaitedNotes(options.clock);
    this.#knocks = new AwaitedNotes(options.clock);
  }

  /**
   * Whether a stream that the other side opened was asked for by a knock. If not, it is a connection to
   * what the plugin itself serves.
   */
  claim(stream: ByteStream): boolean {
    const id = this.#expected.shift();
    if (id === undefined) return false;
    const onConnection = this.#offers.get(id);
    if (onConnection === undefined) {
      stream.destroy(
        new BrokerError("broker-refused", `received knock on ID ${id} that doesn't have a listener`),
      );
    } else {
      onConnection(stream);
    }
    return true;
  }

  offer(id: number, onConnection: OnConnection): Promise<Offer> {
    if (this.#offers.has(id)) {
      const message = `connection ${id} is accepted already; take a new number from nextId()`;
      return Promise.reject(new BrokerError("broker-id-in-use", message, { facts: { id } }));
    }
    const { security, logger } = this.#options;
    const accept = security?.acceptor(onConnection, (error) =>
      logger.warn("refused a brokered connection", { id, error }),
    );
    this.#offers.set(id, accept === undefined ? onConnection : (stream) => accept(toDuplex(stream)));
    // A knock that came early is answered now; one that never comes is none of the offer's concern.
    if (this.#knocks.has(id)) void this.#knocks.take(id, "").then(() => this.#answer(id));
    return Promise.resolve({ close: () => void this.#offers.delete(id) });
  }

  dialer(id: number): Dial {
    return () => {
      const dialed = this.#dialing.then(() => this.#dial(id));
      this.#dialing = dialed.catch(() => {});
      return dialed;
    };
  }

  receive({ serviceId, knock }: ConnInfo): void {
    if (knock === undefined || !knock.knock) {
      this.#options.logger.warn("dropped a note that is no knock", { id: serviceId });
    } else if (knock.ack) {
      this.#acks.put(serviceId, knock);
    } else if (this.#offers.has(serviceId)) {
      this.#answer(serviceId);
    } else {
      this.#knocks.put(serviceId, knock);
    }
  }

  close(error: Error): void {
    this.#acks.close(error);
    this.#knocks.close(error);
    this.#offers.clear();
  }

  #answer(id: number): void {
    this.#expected.push(id);
    this.#options.send({
      serviceId: id,
      network: "",
      address: "",
      knock: { knock: true, ack: true, error: "" },
    });
  }

  async #dial(id: number): Promise<ByteStream> {
    const { send, session, security } = this.#options;
    const opener = await session();
    send({ serviceId: id, network: "", address: "", knock: { knock: true, ack: false, error: "" } });
    const ack = await this.#acks.take(id, `timeout waiting for multiplexing knock handshake on id ${id}`);
    if (ack.error !== "") {
      throw new BrokerError("broker-refused", `failed to knock for id ${id}: ${ack.error}`, {
        facts: { id },
      });
    }
    const stream = opener.open();
    return security === undefined ? stream : security.dialed(toDuplex(stream));
  }
}
