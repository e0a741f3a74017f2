import type { ByteStream, Clock } from "@drawbar/io";
import { Session } from "@drawbar/yamux";
import type { MuxPeer } from "../broker/mux-peer.ts";

/** What a host's multiplexed connection is made of. */
export interface MuxClientOptions {
  /** Connects to the plugin's one socket. */
  readonly connect: () => Promise<ByteStream>;
  readonly clock: Clock;
}

/**
 * A host's one connection to a multiplexed plugin: a yamux session whose streams are the gRPC connections. It is
 * made with the first stream, and anew after it was lost.
 */
export class MuxClient implements MuxPeer {
  readonly #options: MuxClientOptions;
  #session: Promise<Session> | undefined;
  #claim: (stream: ByteStream) => boolean = () => false;
  #destroyed: Error | undefined;

  constructor(options: MuxClientOptions) {
    this.#options = options;
  }

  /** A stream to what the plugin itself serves. */
  async open(): Promise<ByteStream> {
    return (await this.session()).open();
  }

  session(): Promise<Session> {
    if (this.#destroyed !== undefined) return Promise.reject(this.#destroyed);
    this.#session ??= this.#connect();
    return this.#session;
  }

  route(claim: (stream: ByteStream) => boolean): void {
    this.#claim = claim;
  }

  destroy(reason: Error): void {
    this.#destroyed ??= reason;
    void this.#session?.then(
      (session) => session.destroy(reason),
      () => {},
    );
  }

  async #connect(): Promise<Session> {
    const forget = (): void => {
      this.#session = undefined;
    };
    try {
      const session = new Session(await this.#options.connect(), {
        role: "client",
        clock: this.#options.clock,
        // A host serves nothing of its own: a stream that nobody knocked for has no meaning.
        onStream: (stream) => {
          if (!this.#claim(stream)) stream.destroy(new Error("a plugin opened a stream without a knock"));
        },
      });
      void session.closed.then(forget);
      return session;
    } catch (error) {
      forget();
      throw error;
    }
  }
}
