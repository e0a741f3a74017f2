import { readUint32, writeUint32 } from "./bytes.ts";
import { FrameError } from "./frame-error.ts";

/** The settings of RFC 9113 §6.5.2 that a SETTINGS frame names; one that is absent keeps its value. */
export interface Settings {
  readonly headerTableBytes?: number;
  readonly enablePush?: boolean;
  readonly maxConcurrentStreams?: number;
  readonly initialWindowBytes?: number;
  readonly maxFrameBytes?: number;
  readonly maxHeaderListBytes?: number;
}

/** The largest flow-control window (§6.9.1). */
export const maxWindowBytes: number = 2 ** 31 - 1;

/** Bounds of SETTINGS_MAX_FRAME_SIZE (§6.5.2); the lower is also the initial value. */
export const smallestMaxFrameBytes: number = 2 ** 14;
export const largestMaxFrameBytes: number = 2 ** 24 - 1;

const entryBytes = 6;

/** Octets of the payload that `writeSettings` makes. */
export function settingsLength(settings: Settings): number {
  return Object.values(settings).filter((value) => value !== undefined).length * entryBytes;
}

/** Writes the payload and returns the offset after it. */
export function writeSettings(target: Uint8Array, offset: number, settings: Settings): number {
  const push = settings.enablePush === undefined ? undefined : Number(settings.enablePush);
  const values = [
    settings.headerTableBytes,
    push,
    settings.maxConcurrentStreams,
    settings.initialWindowBytes,
    settings.maxFrameBytes,
    settings.maxHeaderListBytes,
  ];
  let at = offset;
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    target[at] = 0;
    target[at + 1] = i + 1;
    writeUint32(target, at + 2, value);
    at += entryBytes;
  }
  return at;
}

/** Reads a payload; unknown settings are ignored, the last of a repeated one counts. Throws FrameError. */
export function readSettings(bytes: Uint8Array, start: number, end: number): Settings {
  if ((end - start) % entryBytes !== 0) {
    throw new FrameError(
      "FRAME_SIZE_ERROR",
      `SETTINGS of ${end - start} bytes is not a list of 6-byte entries`,
    );
  }
  const settings: { -readonly [name in keyof Settings]: Settings[name] } = {};
  for (let at = start; at < end; at += entryBytes) {
    const value = readUint32(bytes, at + 2);
    switch (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) {
      case 1:
        settings.headerTableBytes = value;
        break;
      case 2:
        if (value > 1) throw new FrameError("PROTOCOL_ERROR", `SETTINGS_ENABLE_PUSH is ${value}, not 0 or 1`);
        settings.enablePush = value === 1;
        break;
      case 3:
        settings.maxConcurrentStreams = value;
        break;
      case 4:
        if (value > maxWindowBytes) {
          throw new FrameError("FLOW_CONTROL_ERROR", `SETTINGS_INITIAL_WINDOW_SIZE ${value} is above 2^31-1`);
        }
        settings.initialWindowBytes = value;
        break;
      case 5:
        if (value < smallestMaxFrameBytes || value > largestMaxFrameBytes) {
          throw new FrameError("PROTOCOL_ERROR", `SETTINGS_MAX_FRAME_SIZE ${value} is not in 2^14..2^24-1`);
        }
        settings.maxFrameBytes = value;
        break;
      case 6:
        settings.maxHeaderListBytes = value;
        break;
    }
  }
  return settings;
}
