import { baseOf, type Node } from "./schema.ts";
import { basicIds } from "./wire-type.ts";

/** The id of the built-in type that a node is sent as, if it is. */
export function basicIdOf(node: Node): number | undefined {
  const base = baseOf(node);
  switch (base.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "complex":
    case "string":
    case "bytes":
    case "interface":
      return basicIds[base.kind];
    case "bigint":
      return base.signed ? basicIds.int : basicIds.uint;
    default:
      return undefined;
  }
}

const identityKeys = new WeakMap<object, string>();
let identityCount = 0;

function isLazy(node: Node): boolean {
  return node.kind === "lazy" || (node.kind === "pointer" && isLazy(node.element));
}

/**
 * What tells types apart on the wire: structs and codecs by identity, the rest by their structure, so
 * that two `slice(int)` are one type.
 */
export function wireKeyOf(node: Node): string {
  const basic = basicIdOf(node);
  if (basic !== undefined) return String(basic);
  const base = baseOf(node);
  // A type that contains itself has no end of structure: where it refers to itself, identity must do.
  if (isLazy(node)) return identityKey(base.kind === "codec" ? base.codec : base);
  switch (base.kind) {
    case "slice":
      return `[]${wireKeyOf(base.element)}`;
    case "array":
      return `[${base.length}]${wireKeyOf(base.element)}`;
    case "map":
      return `map[${wireKeyOf(base.key)}]${wireKeyOf(base.element)}`;
    default:
      return identityKey(base.kind === "codec" ? base.codec : base);
  }
}

function identityKey(identity: object): string {
  let key = identityKeys.get(identity);
  if (key === undefined) {
    key = `#${++identityCount}`;
    identityKeys.set(identity, key);
  }
  return key;
}

const basicNames = ["", "bool", "int", "uint", "float64", "[]uint8", "string", "complex128", "interface {}"];

/** A node as Go would print its type, without package names: for definitions and messages. */
export function typeNameOf(node: Node): string {
  const base = baseOf(node);
  if (isLazy(node) && (base.kind === "slice" || base.kind === "array" || base.kind === "map"))
    return base.kind;
  switch (base.kind) {
    case "int":
    case "uint":
      return base.bits === 64 ? base.kind : `${base.kind}${base.bits}`;
    case "float":
    case "complex":
      return `${base.kind}${base.bits}`;
    case "bigint":
      return base.signed ? "int64" : "uint64";
    case "slice":
      return `[]${typeNameOf(base.element)}`;
    case "array":
      return `[${base.length}]${typeNameOf(base.element)}`;
    case "map":
      return `map[${typeNameOf(base.key)}]${typeNameOf(base.element)}`;
    case "struct":
      return base.name;
    case "codec":
      return base.codec.name;
    default:
      return basicNames[basicIdOf(base) ?? 0] ?? "";
  }
}
