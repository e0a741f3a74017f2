import type { Complex, InterfaceValue, Time } from "@drawbar/gob";
import { type Description, elementOf, registered, tree } from "./description.ts";

/**
 * A decoded value in the form of conformance/peers/gob/canonical.go. What gob cannot tell apart has one
 * form; in a struct's field that is also a nil pointer and one to a zero value.
 */
export function canonical(type: Description, value: unknown, isField: boolean = false): unknown {
  switch (type.Kind) {
    case "float32":
    case "float64":
      return canonicalFloat(value as number);
    case "complex64":
    case "complex128": {
      const { re, im } = value as Complex;
      return [canonicalFloat(re), canonicalFloat(im)];
    }
    case "bool":
    case "string":
      return value;
    case "bytes":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "time":
      return canonicalTime(value as Time);
    case "pointer":
      if (value === null || (isField && isOmitted(elementOf(type), value))) return null;
      return [canonical(elementOf(type), value, isField)];
    case "any":
      return canonicalInterface(value as InterfaceValue | null);
    case "slice":
    case "array":
      return (value as unknown[]).map((element) => canonical(elementOf(type), element));
    case "map":
      return canonicalMap(type, value as Map<unknown, unknown>);
    case "struct": {
      const object = value as Record<string, unknown>;
      return (type.Fields ?? []).map((field) => canonical(field.Type, object[field.Name], true));
    }
    case "tree":
      return canonical(tree, value);
    default:
      return String(value);
  }
}

function canonicalFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return bits.toString("hex");
}

function canonicalTime(time: Time): unknown {
  const nanoseconds = ((time.unixNanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = (time.unixNanoseconds - nanoseconds) / 1_000_000_000n;
  return [String(seconds), String(nanoseconds), String(time.offsetSeconds ?? "UTC")];
}

function canonicalInterface(held: InterfaceValue | null): unknown {
  if (held === null) return null;
  const type = registered.get(held.type);
  if (type === undefined) throw new Error(`${held.type} is not registered`);
  return { type: held.type, value: canonical(type, held.value) };
}

function canonicalMap(type: Description, value: ReadonlyMap<unknown, unknown>): unknown {
  const key = type.Key;
  if (key === undefined) throw new Error("map without key");
  const pairs = [...value].map(([k, v]) => [canonical(key, k), canonical(elementOf(type), v)]);
  return sortMaps({ map: pairs });
}

/** Whether a struct's field of this value is not sent. */
function isOmitted(type: Description, value: unknown): boolean {
  switch (type.Kind) {
    case "struct":
    case "array":
    case "map":
    case "tree":
    case "time":
    case "bigInt":
    case "url":
      return false;
    case "any":
      return value === null;
    case "pointer":
      return value === null || isOmitted(elementOf(type), value);
    case "slice":
    case "bytes":
    case "string":
      return (value as ArrayLike<unknown>).length === 0;
    case "complex64":
    case "complex128":
      return (value as Complex).re === 0 && (value as Complex).im === 0;
    default:
      return Number(value) === 0;
  }
}

/** Puts the pairs of the maps in a form in one order, so that forms can be compared. */
export function sortMaps(form: unknown): unknown {
  if (Array.isArray(form)) return form.map(sortMaps);
  if (typeof form !== "object" || form === null) return form;
  const entries = Object.entries(form).map(([name, value]): [string, unknown] => {
    const sorted = sortMaps(value);
    return [name, name === "map" && Array.isArray(sorted) ? sorted.sort(byText) : sorted];
  });
  return Object.fromEntries(entries);
}

function byText(a: unknown, b: unknown): number {
  const left = JSON.stringify(a);
  const right = JSON.stringify(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
