import type { Codec } from "./codec.ts";
import { codec } from "./codec-schema.ts";
import type { Schema } from "./schema.ts";

// From 1 January of year 1, where Go counts from, to 1970.
const unixEpochSeconds = 62135596800n;
const nanosecondsPerSecond = 1_000_000_000n;
const maxSeconds = 2n ** 63n;
const utcMinutes = -1;

/**
 * A Go time.Time: an instant in nanoseconds, and the offset of the zone it was taken in. The zone's
 * name and the monotonic clock reading are not on the wire.
 */
export class Time {
  /** Go's zero time, 1 January of year 1, 00:00 UTC. */
  static readonly zero: Time = new Time(-unixEpochSeconds * nanosecondsPerSecond);

  /** Nanoseconds since 1970. */
  readonly unixNanoseconds: bigint;
  /** Seconds east of UTC of the zone; undefined for UTC itself. */
  readonly offsetSeconds: number | undefined;

  constructor(unixNanoseconds: bigint, offsetSeconds?: number) {
    this.unixNanoseconds = unixNanoseconds;
    this.offsetSeconds = offsetSeconds;
  }

  /** A Date's instant, in UTC or in the zone that is `offsetSeconds` east of it. */
  static fromDate(date: Date, offsetSeconds?: number): Time {
    return new Time(BigInt(date.getTime()) * 1_000_000n, offsetSeconds);
  }

  /** The instant to the millisecond, rounded down; an invalid Date beyond what a Date can hold. */
  toDate(): Date {
    return new Date(Number(floorDivide(this.unixNanoseconds, 1_000_000n)));
  }

  get isZero(): boolean {
    return this.unixNanoseconds === Time.zero.unixNanoseconds && this.offsetSeconds === undefined;
  }

  /** RFC 3339 with nanoseconds as far as there are any, as Go's RFC3339Nano. */
  toString(): string {
    const offset = this.offsetSeconds ?? 0;
    const local = this.unixNanoseconds + BigInt(offset) * nanosecondsPerSecond;
    const date = new Date(Number(floorDivide(local, nanosecondsPerSecond)) * 1000);
    if (Number.isNaN(date.getTime())) return `${this.unixNanoseconds}ns since 1970`;
    const nanoseconds = local - floorDivide(local, nanosecondsPerSecond) * nanosecondsPerSecond;
    const fraction = nanoseconds === 0n ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
    const zone = this.offsetSeconds === undefined ? "Z" : zoneText(offset);
    return date.toISOString().replace(/\.000Z$/, `${fraction}${zone}`);
  }

  toJSON(): string {
    return this.toString();
  }
}

function zoneText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

const timeCodec: Codec<Time, Time | Date> = {
  name: "Time",
  method: "gob",
  zero: () => Time.zero,
  isZero: (value) => value instanceof Time && value.isZero,
  encode(value) {
    return encodeTime(value instanceof Date ? Time.fromDate(value) : value);
  },
  decode: decodeTime,
};

// Version, seconds since year 1, nanoseconds, the zone's minutes east of UTC; in version 2 its seconds.
function encodeTime(time: Time): Uint8Array {
  if (!(time instanceof Time)) throw new TypeError("expected a Time or a Date");
  const unixSeconds = floorDivide(time.unixNanoseconds, nanosecondsPerSecond);
  const seconds = unixSeconds + unixEpochSeconds;
  if (seconds >= maxSeconds || seconds < -maxSeconds) throw new RangeError("the time is beyond Go's range");
  const { minutes, rest } = zoneOf(time.offsetSeconds);
  const bytes = new Uint8Array(rest === 0 ? 15 : 16);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, rest === 0 ? 1 : 2);
  view.setBigInt64(1, seconds);
  view.setUint32(9, Number(time.unixNanoseconds - unixSeconds * nanosecondsPerSecond));
  view.setInt16(13, minutes);
  if (rest !== 0) view.setUint8(15, rest);
  return bytes;
}

function zoneOf(offsetSeconds: number | undefined): { minutes: number; rest: number } {
  if (offsetSeconds === undefined) return { minutes: utcMinutes, rest: 0 };
  if (!Number.isInteger(offsetSeconds)) throw new RangeError("a zone's offset is in whole seconds");
  // Rounded down, so that the rest is not negative: Go reads that byte as unsigned.
  const minutes = Math.floor(offsetSeconds / 60);
  const rest = offsetSeconds - minutes * 60;
  const isUtcMark = minutes === utcMinutes && rest === 0;
  if (isUtcMark || minutes < -32768 || minutes > 32767) {
    throw new RangeError(`a zone of ${offsetSeconds} seconds has no place in Go's encoding`);
  }
  return { minutes, rest };
}

function decodeTime(bytes: Uint8Array): Time {
  const version = bytes[0];
  if (version !== 1 && version !== 2) throw new RangeError(`version ${version} is not known`);
  if (bytes.length !== 14 + version) throw new RangeError(`${bytes.length} bytes are not a time`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const seconds = view.getBigInt64(1) - unixEpochSeconds;
  const nanoseconds = BigInt(view.getInt32(9));
  const minutes = view.getInt16(13);
  // Go writes this as a signed number for zones west of UTC and reads it as unsigned; signed is meant.
  const offset = minutes * 60 + (version === 2 ? view.getInt8(15) : 0);
  const isUtc = offset === utcMinutes * 60;
  return new Time(seconds * nanosecondsPerSecond + nanoseconds, isUtc ? undefined : offset);
}

/** Go's `time.Time`. Takes a Date too, as UTC. `*time.Time` is `pointer(time)`. */
export const time: Schema<Time, Time | Date> = codec(timeCodec);
