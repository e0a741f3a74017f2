import type { ByteStream, Clock } from "@drawbar/io";
import { toDuplex } from "@drawbar/io/node";
import type { Logger } from "../log/logger.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import { AwaitedNotes, brokerTimeoutMs } from "./awaited-notes.ts";
import { BrokerError, idInUse } from "./broker-error.ts";
import type { ConnInfo, Knock } from "./conn-info.ts";
import type { StreamOpener } from "./mux-peer.ts";
import type { BrokeredOptions, Dial, Offer, OnConnection, Rendezvous } from "./rendezvous.ts";

/** What a MuxRendezvous stands on. */
export interface MuxRendezvousOptions {
  readonly send: (note: ConnInfo) => void;
  /** The session; a plugin has none before its host has connected. */
  readonly session: () => Promise<StreamOpener>;
  readonly security: TransportSecurity | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A knock that was answered and whose stream is on its way. */
interface Expected {
  readonly id: number;
  readonly untilMs: number;
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
  /** In the order of their answers. */
  readonly #expected: Expected[] = [];
  /** Numbers whose answer did not come in time. */
  readonly #givenUp = new Set<number>();
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
    const id = this.#nextExpected();
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

  offer(id: number, onConnection: OnConnection, options: BrokeredOptions = {}): Promise<Offer> {
    if (this.#offers.has(id)) return Promise.reject(idInUse(id));
    const { security, logger } = this.#options;
    const accept = options.plaintext
      ? undefined
      : security?.acceptor(onConnection, (error) =>
          logger.warn("refused a brokered connection", { id, error }),
        );
    this.#offers.set(id, accept === undefined ? onConnection : (stream) => accept(toDuplex(stream)));
    // A knock that came early is answered now; one that never comes is none of the offer's concern.
    if (this.#knocks.has(id)) void this.#knocks.take(id, "").then(() => this.#answer(id));
    return Promise.resolve({ close: () => void this.#offers.delete(id) });
  }

  dialer(id: number, options: BrokeredOptions = {}): Dial {
    return async () => {
      const opened = this.#dialing.then(() => this.#open(id));
      this.#dialing = opened.catch(() => {});
      const stream = await opened;
      const { security } = this.#options;
      return security === undefined || options.plaintext ? stream : security.dialed(toDuplex(stream));
    };
  }

  receive({ serviceId, knock }: ConnInfo): void {
    if (knock === undefined || !knock.knock) {
      this.#misanswered(serviceId, knock);
    } else if (knock.ack) {
      if (this.#givenUp.delete(serviceId)) this.#useUp(knock);
      else this.#acks.put(serviceId, knock);
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

  // Some plugins of other makes answer a knock without repeating it: told at once, and not after the time.
  #misanswered(id: number, knock: Knock | undefined): void {
    const got = knock === undefined ? "neither" : `knock: ${knock.knock}, ack: ${knock.ack}`;
    const error = new BrokerError(
      "broker-refused",
      `handshake failed for multiplexing on id ${id}; expected knock and ack, but got ${got}`,
      { facts: { id } },
    );
    if (this.#acks.abandon(id, error)) return;
    this.#options.logger.warn("dropped a note that is no knock", { id });
  }

  #answer(id: number): void {
    this.#expected.push({ id, untilMs: this.#options.clock.now() + brokerTimeoutMs });
    this.#options.send({
      serviceId: id,
      network: "",
      address: "",
      knock: { knock: true, ack: true, error: "" },
    });
  }

  // A peer that had its answer and then opened nothing must not turn the order of the others.
  #nextExpected(): number | undefined {
    const now = this.#options.clock.now();
    for (let next = this.#expected.shift(); next !== undefined; next = this.#expected.shift()) {
      if (next.untilMs > now) return next.id;
    }
    return undefined;
  }

  async #open(id: number): Promise<ByteStream> {
    const { send, session } = this.#options;
    const opener = await session();
    // A number can be dialled again after its answer was given up on.
    this.#givenUp.delete(id);
    send({ serviceId: id, network: "", address: "", knock: { knock: true, ack: false, error: "" } });
    const ack = await this.#takeAck(id);
    if (ack.error !== "") {
      throw new BrokerError("broker-refused", `failed to knock for id ${id}: ${ack.error}`, {
        facts: { id },
      });
    }
    return opener.open();
  }

  async #takeAck(id: number): Promise<Knock> {
    try {
      return await this.#acks.take(id, `timeout waiting for multiplexing knock handshake on id ${id}`);
    } catch (error) {
      this.#givenUp.add(id);
      throw error;
    }
  }

  // Too late for us, but the other side waits for a stream now and would give it the next one.
  #useUp({ error }: Knock): void {
    if (error !== "") return;
    void this.#options.session().then(
      (opener) => opener.open().destroy(new BrokerError("broker-timeout", "the answer came too late")),
      () => {},
    );
  }
}
