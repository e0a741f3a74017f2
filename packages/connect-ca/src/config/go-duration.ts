import { ConfigError } from "./config-error.ts";

/**
 * A length of time as Go's time.Duration counts it: nanoseconds in a signed 64-bit integer. A bigint,
 * because the ten years of a root's life are more nanoseconds than a number holds exactly.
 */
export type GoDuration = bigint;

export const nanosecond: GoDuration = 1n;
export const microsecond: GoDuration = 1_000n;
export const millisecond: GoDuration = 1_000_000n;
export const second: GoDuration = 1_000_000_000n;
export const minute: GoDuration = 60n * second;
export const hour: GoDuration = 60n * minute;

const units: ReadonlyMap<string, bigint> = new Map([
  ["ns", nanosecond],
  ["us", microsecond],
  ["\u00b5s", microsecond], // micro sign
  ["\u03bcs", microsecond], // Greek mu
  ["ms", millisecond],
  ["s", second],
  ["m", minute],
  ["h", hour],
]);

const limit = 2n ** 63n;

/**
 * Reads `72h`, `1h30m`, `-1.5s`, `0` as Go's time.ParseDuration does: the same language, the same
 * values down to the rounding of fractions, the same error texts. There is no unit above hours.
 */
export function parseGoDuration(text: string): GoDuration {
  const negative = text.startsWith("-");
  let rest = negative || text.startsWith("+") ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") throw durationError("invalid duration", text);
  let total = 0n;
  while (rest !== "") {
    const [value, length] = parseTerm(rest, text);
    total += value;
    if (total > limit) throw durationError("invalid duration", text);
    rest = rest.slice(length);
  }
  // The smallest duration has no positive counterpart.
  if (!negative && total === limit) throw durationError("invalid duration", text);
  return negative ? -total : total;
}

/** Value and length of the first `number unit` of `rest`; `whole` is for error texts. */
function parseTerm(rest: string, whole: string): [bigint, number] {
  const [number = "", digits = "", fraction = ""] = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest) ?? [];
  if (digits === "" && fraction === "") throw durationError("invalid duration", whole);
  const significant = digits.replace(/^0+/, "");
  const integer = significant.length > 19 ? limit + 1n : BigInt(significant);
  if (integer > limit) throw durationError("invalid duration", whole);
  const unitText = /^[^.0-9]*/.exec(rest.slice(number.length))?.[0] ?? "";
  if (unitText === "") throw durationError("missing unit in duration", whole);
  const unit = units.get(unitText);
  if (unit === undefined) throw durationError(`unknown unit ${goQuote(unitText)} in duration`, whole);
  const value = integer * unit + fractionOf(fraction, unit);
  if (value > limit) throw durationError("invalid duration", whole);
  return [value, number.length + unitText.length];
}

/** `0.fraction` of a unit, cut to nanoseconds, with Go's own float arithmetic so that both round alike. */
function fractionOf(fraction: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of fraction) {
    if (value > (limit - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** The text that Go's Duration.String gives: `72h0m0s`, `1.5s`, `2ms`, `0s`. */
export function formatGoDuration(duration: GoDuration): string {
  if (duration === 0n) return "0s";
  const sign = duration < 0n ? "-" : "";
  const ns = duration < 0n ? -duration : duration;
  if (ns < microsecond) return `${sign}${ns}ns`;
  if (ns < millisecond) return `${sign}${decimal(ns, 3)}\u00b5s`;
  if (ns < second) return `${sign}${decimal(ns, 6)}ms`;
  const seconds = `${decimal(ns % minute, 9)}s`;
  if (ns < minute) return sign + seconds;
  const minutes = `${(ns / minute) % 60n}m`;
  return ns < hour ? sign + minutes + seconds : `${sign}${ns / hour}h${minutes}${seconds}`;
}

/** `value` with its last `places` digits behind the point, trailing zeros dropped. */
function decimal(value: bigint, places: number): string {
  const scale = 10n ** BigInt(places);
  const fraction = (value % scale).toString().padStart(places, "0").replace(/0+$/, "");
  return fraction === "" ? `${value / scale}` : `${value / scale}.${fraction}`;
}

/** The duration in milliseconds, for timers and dates; what is below a microsecond is lost. */
export function goDurationToMs(duration: GoDuration): number {
  return Number(duration / microsecond) / 1000;
}

function durationError(what: string, text: string): ConfigError {
  return new ConfigError(`time: ${what} ${goQuote(text)}`);
}

const utf8: TextEncoder = new TextEncoder();

function goQuote(text: string): string {
  let quoted = "";
  for (const character of text) {
    if (character < " " || character > "\u007f") {
      for (const byte of utf8.encode(character)) quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
    } else {
      quoted += character === '"' || character === "\\" ? `\\${character}` : character;
    }
  }
  return `"${quoted}"`;
}
