import { type Clock, systemClock } from "@drawbar/io";
import type { ErrorCode } from "./errors.ts";
import { smallestMaxFrameBytes } from "./frame/settings.ts";

/** What a peer may make us hold or do. Each has a default; see the README for the error each leads to. */
export interface Http2Limits {
  /** Longest header list, counted as RFC 9113 §6.5.2 does (32 bytes more per field). Default 1 MiB. */
  readonly maxHeaderListBytes?: number;
  /** Longest field block before decoding, over all CONTINUATION frames. Default 1 MiB. */
  readonly maxHeaderBlockBytes?: number;
  /** Streams that a client may have open at once on a server. Default 10,000. */
  readonly maxConcurrentStreams?: number;
  /** Longest frame payload we accept, 2^14 (the default) to 2^24-1. */
  readonly maxFrameBytes?: number;
  /** Streams ended before their time by resets, at once; more become allowed at `resetsPerSecond`. Default 1000. */
  readonly resetBurst?: number;
  /** Default 200. */
  readonly resetsPerSecond?: number;
  /**
   * Frames that carry nothing (PING, SETTINGS, WINDOW_UPDATE, PRIORITY, empty DATA, unknown types), of one
   * kind at once; frames that carry something, and time, allow more. Default 2000.
   */
  readonly controlBurst?: number;
  /** Default 200. */
  readonly controlsPerSecond?: number;
  /** Replies (acknowledgements, resets) that wait because the peer does not read. Default 5000. */
  readonly maxWaitingReplies?: number;
  /** How long the peer may take to begin and to acknowledge SETTINGS. Default 30 s. */
  readonly settingsTimeoutMs?: number;
  /** How long nothing of what is queued may move before the stream or connection is given up. Default 20 min. */
  readonly stallTimeoutMs?: number;
  /** How long a close waits for the peer to close too. Default 5 s. */
  readonly closeTimeoutMs?: number;
}

/** Options of a connection. */
export interface Http2Options {
  readonly limits?: Http2Limits;
  /**
   * Receive window of a new stream; it grows with the bandwidth. Default 1 MiB: a message of usual size
   * needs no window update, and a stream that is not read holds no more than this.
   */
  readonly streamWindowBytes?: number;
  /** What a stream's receive window may grow to. Default 16 MiB. */
  readonly maxStreamWindowBytes?: number;
  /** Receive window of the connection, given back on receipt. Default 16 MiB. */
  readonly connectionWindowBytes?: number;
  /** Received data that waits to be consumed, over all streams, before senders are held up. Default 256 MiB. */
  readonly maxUnconsumedBytes?: number;
  /** HPACK table, ours and at most the peer's. Default 4096. */
  readonly headerTableBytes?: number;
  /** Time, for tests. */
  readonly clock?: Clock;
  /** The peer will take no more streams (GOAWAY); those that it accepted go on. */
  onDraining?(reason: DrainReason): void;
  /** The connection is over; the error is undefined if it ended in order. */
  onClosed?(error: Error | undefined): void;
}

/** What a peer's GOAWAY said. */
export interface DrainReason {
  readonly errorCode: ErrorCode;
  /** Debug data as text, at most 1 KiB: written by the peer, not to be trusted. */
  readonly debugText: string;
}

/** Options with their defaults filled in. */
export interface ResolvedOptions {
  readonly limits: Required<Http2Limits>;
  readonly streamWindowBytes: number;
  readonly maxStreamWindowBytes: number;
  readonly connectionWindowBytes: number;
  readonly maxUnconsumedBytes: number;
  readonly headerTableBytes: number;
  readonly clock: Clock;
  readonly onDraining: (reason: DrainReason) => void;
  readonly onClosed: (error: Error | undefined) => void;
}

const mebibyte = 1024 * 1024;

export function resolveOptions(options: Http2Options): ResolvedOptions {
  const streamWindowBytes = options.streamWindowBytes ?? mebibyte;
  return {
    limits: {
      maxHeaderListBytes: mebibyte,
      maxHeaderBlockBytes: mebibyte,
      maxConcurrentStreams: 10_000,
      maxFrameBytes: smallestMaxFrameBytes,
      resetBurst: 1000,
      resetsPerSecond: 200,
      controlBurst: 2000,
      controlsPerSecond: 200,
      maxWaitingReplies: 5000,
      settingsTimeoutMs: 30_000,
      stallTimeoutMs: 20 * 60_000,
      closeTimeoutMs: 5000,
      ...options.limits,
    },
    streamWindowBytes,
    maxStreamWindowBytes: Math.max(streamWindowBytes, options.maxStreamWindowBytes ?? 16 * mebibyte),
    connectionWindowBytes: options.connectionWindowBytes ?? 16 * mebibyte,
    maxUnconsumedBytes: options.maxUnconsumedBytes ?? 256 * mebibyte,
    headerTableBytes: options.headerTableBytes ?? 4096,
    clock: options.clock ?? systemClock,
    onDraining: (reason) => options.onDraining?.(reason),
    onClosed: (error) => options.onClosed?.(error),
  };
}
