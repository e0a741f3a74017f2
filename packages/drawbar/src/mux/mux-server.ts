import type { ByteStream, Clock } from "@drawbar/io";
import { Session } from "@drawbar/yamux";
import { brokerTimeoutMs } from "../broker/awaited-notes.ts";
import { BrokerError } from "../broker/broker-error.ts";
import type { MuxPeer } from "../broker/mux-peer.ts";

/**
 * A multiplexed plugin's connection with its host: a yamux session, whose streams are connections to what the
 * plugin serves unless a broker claims them. A host that connects anew takes the place of the one before.
 */
export class MuxServer implements MuxPeer {
  readonly #clock: Clock;
  #session: Session | undefined;
  readonly #waiting = new Set<(session: Session) => void>();
  #claim: (stream: ByteStream) => boolean = () => false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Serves a host's connection, not started yet; `onStream` gets the streams that no broker claims. */
  accept(connection: ByteStream, onStream: (stream: ByteStream) => void): void {
    const session = new Session(connection, {
      role: "server",
      clock: this.#clock,
      onStream: (stream) => {
        if (!this.#claim(stream)) onStream(stream);
      },
    });
    this.#session = session;
    void session.closed.then(() => {
      if (this.#session === session) this.#session = undefined;
    });
    for (const resolve of this.#waiting) resolve(session);
    this.#waiting.clear();
  }

  session(): Promise<Session> {
    if (this.#session !== undefined) return Promise.resolve(this.#session);
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(brokerTimeoutMs, () => {
        this.#waiting.delete(arrived);
        reject(
          new BrokerError(
            "broker-timeout",
            "timed out waiting for connection to be established: no host has connected",
          ),
        );
      });
      const arrived = (session: Session): void => {
        timer.cancel();
        resolve(session);
      };
      this.#waiting.add(arrived);
    });
  }

  route(claim: (stream: ByteStream) => boolean): void {
    this.#claim = claim;
  }
}
