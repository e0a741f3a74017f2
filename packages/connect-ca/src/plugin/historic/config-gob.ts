import * as gob from "@drawbar/gob";
import type { RawConfig } from "../../config/config-reader.ts";

// Go's map[string]interface{}: what it may hold is known to both sides by name. Hosts in Go send maps within
// only if they registered them (gob.Register(map[string]interface{}{})), and take them only then.
const registry: gob.Registry = new gob.Registry({ bigIntegers: true });
const anything: gob.Schema<gob.InterfaceValue | null> = gob.anyOf(registry);
const mapName = "map[string]interface {}";
const listName = "[]interface {}";
registry.register(gob.record(anything), mapName).register(gob.slice(anything), listName);

/** A configuration on net/rpc. */
export const configSchema: gob.Schema<Record<string, gob.InterfaceValue | null>> = gob.record(anything);

/** As Go's JSON decoder would have typed it, but integers stay integers. */
export function toGob(config: RawConfig): Record<string, gob.InterfaceValue | null> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, wrap(value)]));
}

/** The values without the names of their types. Integers come as number where that is exact, else as bigint. */
export function fromGob(config: Readonly<Record<string, gob.InterfaceValue | null>>): RawConfig {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, unwrap(value)]));
}

function wrap(value: unknown): gob.InterfaceValue | null {
  switch (typeof value) {
    case "string":
      return { type: "string", value };
    case "boolean":
      return { type: "bool", value };
    case "bigint":
      return { type: "int64", value };
    case "number":
      return Number.isSafeInteger(value)
        ? { type: "int64", value: BigInt(value) }
        : { type: "float64", value };
    default:
      return wrapComposite(value);
  }
}

function wrapComposite(value: unknown): gob.InterfaceValue | null {
  if (value instanceof Uint8Array) return { type: "[]uint8", value };
  if (Array.isArray(value)) return { type: listName, value: value.map(wrap) };
  // Undefined, null and functions have no counterpart but nil.
  return typeof value === "object" && value !== null
    ? { type: mapName, value: toGob(value as RawConfig) }
    : null;
}

function unwrap(held: gob.InterfaceValue | null): unknown {
  if (held === null) return null;
  if (held.type === mapName) return fromGob(held.value as Record<string, gob.InterfaceValue | null>);
  if (held.type === listName) return (held.value as (gob.InterfaceValue | null)[]).map(unwrap);
  if (typeof held.value === "bigint" && BigInt.asIntN(53, held.value) === held.value)
    return Number(held.value);
  return held.value;
}
