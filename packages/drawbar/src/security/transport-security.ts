import type { Duplex } from "node:stream";
import type { ByteStream } from "@drawbar/io";

/** What is laid between a connection and the protocol on it. */
export interface TransportSecurity {
  /** Secures a connection that this side made. Rejects, and ends the connection, if the peer is not trusted. */
  dialed(connection: Duplex): Promise<ByteStream>;

  /**
   * Secures connections that this side accepted: each is given to `onStream` once the peer is trusted;
   * otherwise it is ended and `onRefused` is told why.
   */
  acceptor(
    onStream: (stream: ByteStream) => void,
    onRefused: (error: Error) => void,
  ): (connection: Duplex) => void;
}
