import { ConfigError } from "./config-error.ts";
import { type GoDuration, parseGoDuration } from "./go-duration.ts";

/** A provider's configuration as an operator wrote it: JSON, or what another encoding made of it. */
export type RawConfig = Readonly<Record<string, unknown>>;

/**
 * Reads typed fields out of a raw configuration with the leniency that operators are used to from
 * Consul (mapstructure with weak typing): `"2048"` is a number, `1` is true, bytes are text, keys match
 * in any case. Beyond upstream, `snake_case` names are taken everywhere and not only from agent files.
 *
 * A missing or null field gives the fallback. Faults are collected, so that `finish` can tell all of
 * them at once; they name the field and never show its value, which may be a secret.
 */
export class ConfigReader {
  readonly #raw: RawConfig;
  readonly #faults: string[];
  readonly #prefix: string;

  constructor(raw: RawConfig, parent?: { faults: string[]; prefix: string }) {
    this.#raw = raw;
    this.#faults = parent?.faults ?? [];
    this.#prefix = parent?.prefix ?? "";
  }

  string(name: string, fallback = ""): string {
    return this.#read(name, fallback, toText);
  }

  boolean(name: string, fallback = false): boolean {
    return this.#read(name, fallback, toBoolean);
  }

  integer(name: string, fallback = 0): number {
    return this.#read(name, fallback, toInteger);
  }

  float(name: string, fallback = 0): number {
    return this.#read(name, fallback, toFloat);
  }

  /** Text in Go's syntax, or a bare number of nanoseconds. */
  duration(name: string, fallback: GoDuration): GoDuration {
    return this.#read(name, fallback, toDuration);
  }

  /** A nested map as it stands; undefined if absent. */
  map(name: string): RawConfig | undefined {
    return this.#read<RawConfig | undefined>(name, undefined, toMap);
  }

  /** A reader of a nested map, whose faults count here; undefined if absent. */
  nested(name: string): ConfigReader | undefined {
    const raw = this.map(name);
    if (raw === undefined) return undefined;
    return new ConfigReader(raw, { faults: this.#faults, prefix: `${this.#prefix}${name}.` });
  }

  /** Throws a ConfigError if any field could not be read. */
  finish(): void {
    if (this.#faults.length === 0) return;
    const lines = [...this.#faults].sort().map((fault) => `* ${fault}`);
    throw new ConfigError(`error decoding config: ${lines.length} error(s) decoding:\n\n${lines.join("\n")}`);
  }

  #read<T>(name: string, fallback: T, convert: (value: unknown) => T): T {
    const value = lookUp(this.#raw, name);
    if (value === undefined || value === null) return fallback;
    try {
      return convert(value);
    } catch (error) {
      const fieldName = `'${this.#prefix}${name}'`;
      if (error instanceof ConfigError) this.#faults.push(`error decoding ${fieldName}: ${error.message}`);
      else if (error instanceof WrongType) this.#faults.push(`${fieldName} ${error.message}`);
      else throw error;
      return fallback;
    }
  }
}

/** What a value is and what it should have been; without the value. */
class WrongType extends Error {
  constructor(expected: string, value: unknown) {
    const kind = Array.isArray(value) ? "list" : typeof value === "object" ? "map" : typeof value;
    super(`expected ${expected}, got ${typeof value === "string" ? "other text" : `a ${kind}`}`);
  }
}

/** The exact name wins over another case, and that over snake_case. */
function lookUp(raw: RawConfig, name: string): unknown {
  if (Object.hasOwn(raw, name)) return raw[name];
  const wanted = name.toLowerCase();
  const keys = Object.keys(raw);
  const key =
    keys.find((candidate) => candidate.toLowerCase() === wanted) ??
    keys.find((candidate) => candidate.replaceAll("_", "").toLowerCase() === wanted);
  return key === undefined ? undefined : raw[key];
}

/** Bytes that stand for text: a message pack or gob host may deliver strings so. */
function bytesAsText(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const isByte = (item: unknown): item is number =>
    Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256;
  return Array.isArray(value) && value.every(isByte)
    ? new TextDecoder().decode(Uint8Array.from(value))
    : undefined;
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = bytesAsText(value);
  if (text === undefined) throw new WrongType("text", value);
  return text;
}

const truths: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const falsehoods: ReadonlySet<string> = new Set(["", "0", "f", "F", "FALSE", "false", "False"]);

function toBoolean(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return Number(value) !== 0;
  if (typeof value === "string" && truths.has(value)) return true;
  if (typeof value === "string" && falsehoods.has(value)) return false;
  throw new WrongType("true or false", value);
}

function toInteger(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === "") return 0;
  const isText = typeof value === "string" && /^[-+]?[0-9]+$/.test(value);
  if (isText || typeof value === "number" || typeof value === "bigint") {
    const number = Math.trunc(Number(value));
    if (Number.isSafeInteger(number)) return number;
  }
  throw new WrongType("a whole number", value);
}

function toFloat(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === "") return 0;
  const isText =
    typeof value === "string" && /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(value);
  if (isText || typeof value === "number" || typeof value === "bigint") {
    const number = Number(value);
    if (Number.isFinite(number)) return number;
  }
  throw new WrongType("a number", value);
}

function toDuration(value: unknown): GoDuration {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Number.isFinite(value)) return BigInt(Math.trunc(value));
  const text = typeof value === "string" ? value : bytesAsText(value);
  if (text === undefined) throw new WrongType('a duration such as "72h"', value);
  return parseGoDuration(text);
}

function toMap(value: unknown): RawConfig {
  if (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  ) {
    return value as RawConfig;
  }
  throw new WrongType("a map", value);
}
