import { type Settings, smallestMaxFrameBytes } from "../frame/settings.ts";

// Longer frames would let one stream hold up the others.
const longestUsedFrameBytes = 64 * 1024;

/** The peer's settings, with the initial values of RFC 9113 §6.5.2 until it has sent its own. */
export class PeerSettings {
  /** False until the first SETTINGS. */
  received = false;
  initialWindowBytes = 65_535;
  /** Longest frame that we send: what the peer takes, up to 64 KiB. */
  maxFrameBytes: number = smallestMaxFrameBytes;
  /** Until the peer has said: the 100 that §6.5.2 advises servers not to go below. */
  maxConcurrentStreams = 100;

  apply(settings: Settings): void {
    if (!this.received) this.maxConcurrentStreams = Number.POSITIVE_INFINITY;
    this.received = true;
    this.initialWindowBytes = settings.initialWindowBytes ?? this.initialWindowBytes;
    this.maxFrameBytes = Math.min(settings.maxFrameBytes ?? this.maxFrameBytes, longestUsedFrameBytes);
    this.maxConcurrentStreams = settings.maxConcurrentStreams ?? this.maxConcurrentStreams;
  }
}
