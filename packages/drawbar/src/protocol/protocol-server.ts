import type { ByteStream } from "@drawbar/io";

/** What a plugin program serves its plugins with, in whichever protocol. */
export interface ProtocolServer {
  /** Serves a connection, not started yet. */
  accept(stream: ByteStream): void;
  /** Passes the last output on, lets calls in flight finish within the time, and ends. */
  stop(drainTimeoutMs: number): Promise<void>;
}
