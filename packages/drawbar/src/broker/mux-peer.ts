import type { ByteStream } from "@drawbar/io";

/** Opens streams of the one connection of a multiplexed plugin. */
export interface StreamOpener {
  open(): ByteStream;
}

/** That connection, as brokers need it. */
export interface MuxPeer {
  /** Rejects if there is none and none comes. */
  session(): Promise<StreamOpener>;
  /** `claim` is asked about every stream that the other side opens; false leaves the stream to others. */
  route(claim: (stream: ByteStream) => boolean): void;
}
