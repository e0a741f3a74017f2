import { type Clock, defaultHighWaterMarkBytes, systemClock } from "@drawbar/io";
import { YamuxError } from "./errors.ts";
import { initialWindowBytes } from "./frame.ts";
import type { YamuxStream } from "./yamux-stream.ts";

/** How a session behaves. Defaults are those of hashicorp/yamux v0.1.2 where it has the setting. */
export interface SessionOptions {
  /** The client's streams have odd ids, the server's even ones. One end must be each. */
  readonly role: "client" | "server";

  /**
   * Takes every stream that the peer opens, at once. Without it streams wait, up to `acceptBacklog`, for
   * `accept()`.
   */
  readonly onStream?: (stream: YamuxStream) => void;

  /**
   * Streams of the peer that may wait for `accept()`, a further one is refused; and streams opened here
   * whose answer may be outstanding, a further one is opened once one is answered. Default 256.
   */
  readonly acceptBacklog?: number;

  /** Time between two pings that check the connection; 0 for none. Default 30 000. */
  readonly keepAliveIntervalMs?: number;

  /** Longest time the connection may take no bytes, and a ping may go unanswered. Default 10 000. */
  readonly writeTimeoutMs?: number;

  /** Bytes the peer may send ahead on each stream; at least 262 144, which is the default. */
  readonly maxStreamWindowBytes?: number;

  /** Longest time until the peer answers a new stream, else the session ends; 0 for none. Default 75 000. */
  readonly streamOpenTimeoutMs?: number;

  /** Longest silence of the peer on a stream that was ended here, else it is reset; 0 for none. Default 300 000. */
  readonly streamCloseTimeoutMs?: number;

  /** Streams of the peer that may be open at once; a further one is refused. Default 16 384. */
  readonly maxInboundStreams?: number;

  /** Bytes held for readers that are paused or have not started, over all streams. Default 128 MiB. */
  readonly maxBufferedBytes?: number;

  /** Bytes queued on one stream before its `write` returns false. Default 65 536. */
  readonly highWaterMarkBytes?: number;

  /** Frames that carry nothing (pings, empty frames, resets) which the peer may send at once. Default 10 000. */
  readonly floodBurstFrames?: number;

  /** How many more of them it may send every second. Default 1 000. */
  readonly floodFramesPerSecond?: number;

  /** Answers (to pings, to refused streams) that may wait for a peer which reads nothing. Default 1 024. */
  readonly maxQueuedAnswers?: number;

  /** Where time comes from. Default: the platform's clock. */
  readonly clock?: Clock;
}

/** SessionOptions with every default filled in. */
export interface Settings extends Required<Omit<SessionOptions, "onStream">> {
  readonly onStream: ((stream: YamuxStream) => void) | undefined;
}

const defaults = {
  acceptBacklog: 256,
  keepAliveIntervalMs: 30_000,
  writeTimeoutMs: 10_000,
  maxStreamWindowBytes: initialWindowBytes,
  streamOpenTimeoutMs: 75_000,
  streamCloseTimeoutMs: 300_000,
  maxInboundStreams: 16_384,
  maxBufferedBytes: 128 * 1024 * 1024,
  highWaterMarkBytes: defaultHighWaterMarkBytes,
  floodBurstFrames: 10_000,
  floodFramesPerSecond: 1_000,
  maxQueuedAnswers: 1_024,
  clock: systemClock,
};

/**
 * Fills in defaults.
 * @throws YamuxError yamux-bad-option
 */
export function settingsOf(options: SessionOptions): Settings {
  const settings: Settings = { onStream: undefined, ...defaults, ...options };
  require(settings, "acceptBacklog", 1);
  require(settings, "maxStreamWindowBytes", initialWindowBytes);
  require(settings, "writeTimeoutMs", 1);
  require(settings, "keepAliveIntervalMs", 0);
  require(settings, "streamOpenTimeoutMs", 0);
  require(settings, "streamCloseTimeoutMs", 0);
  return settings;
}

function require(settings: Settings, name: Exclude<keyof typeof defaults, "clock">, least: number): void {
  const value = settings[name];
  if (value >= least && value <= 0xffff_ffff) return;
  throw new YamuxError("yamux-bad-option", `yamux option ${name} is ${value}, expected at least ${least}`, {
    facts: { name, value, least },
  });
}
