import { ConfigError } from "../config/config-error.ts";
import type { RawConfig } from "../config/config-reader.ts";
import type { ProviderState } from "../provider/ca-provider.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** A configuration as the bytes of a JSON object. Integers become numbers, and bytes the text they stand for. */
export function encodeConfig(config: RawConfig): Uint8Array {
  return encoder.encode(JSON.stringify(config, asJson));
}

/** A provider's state, likewise; none is JSON's null. */
export function encodeState(state: ProviderState | null): Uint8Array {
  return encoder.encode(JSON.stringify(state));
}

/** The texts in a JSON object; null if there is none. */
export function decodeState(bytes: Uint8Array): ProviderState | null {
  const value = bytes.length === 0 ? null : parse(bytes);
  if (typeof value !== "object" || value === null) return null;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

/** The JSON object in `bytes`; no bytes and null are an empty one. Throws ConfigError for anything else. */
export function decodeConfig(bytes: Uint8Array): RawConfig {
  const value = bytes.length === 0 ? null : parse(bytes);
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new ConfigError("error decoding config: it is JSON but not an object");
  }
  return value as RawConfig;
}

function asJson(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? decoder.decode(value) : value;
}

// Without the cause: JSON.parse quotes what it was given, which may be a secret.
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new ConfigError("error decoding config: it is not JSON");
  }
}
