import type { ByteStream } from "@drawbar/io";

/** What a plugin program serves its plugins with, in whichever protocol. */
export interface ProtocolServer {
  /** Serves a connection, not started yet. */
  accept(stream: ByteStream): void;
  /**
   * Ends, in this order: lets calls in flight finish within the time, and refuses new ones meanwhile; does what
   * `beforeEnd` does; passes the last output on; closes the connections.
   */
  stop(drainTimeoutMs: number, beforeEnd?: () => Promise<void>): Promise<void>;
}
