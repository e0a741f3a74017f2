import type { ByteStream } from "@drawbar/io";
import type { ConnInfo } from "./conn-info.ts";

/** Receives each connection that the other side makes to an offered number. */
export type OnConnection = (stream: ByteStream) => void;

/** Makes a connection to a number that the other side offers; again for each one wanted. */
export type Dial = () => Promise<ByteStream>;

/** A number that this side accepts connections for. */
export interface Offer {
  /** Takes no more connections; those that stand go on. */
  close(): void;
}

/** How one brokered connection is made. */
export interface BrokeredOptions {
  /**
   * Without TLS, also where host and plugin use it: go-plugin's `Accept` hands out connections without it.
   * Both sides must say so. Default false.
   */
  readonly plaintext?: boolean;
}

/**
 * How two brokers find each other: by sockets of their own, or by streams of the one connection that is
 * there (multiplexing). Both speak through notes.
 */
export interface Rendezvous {
  /** Rejects with `broker-id-in-use`, or if no socket can be made. */
  offer(id: number, onConnection: OnConnection, options?: BrokeredOptions): Promise<Offer>;
  dialer(id: number, options?: BrokeredOptions): Dial;
  /** A note of the other side. */
  receive(note: ConnInfo): void;
  /** Offers end, and whoever waits fails with `error`. */
  close(error: Error): void;
}
