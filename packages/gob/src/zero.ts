import type { Node } from "./schema.ts";

/** The zero value of a node: what a struct field that was not sent decodes as. */
export function zeroOf(node: Node): unknown {
  switch (node.kind) {
    case "bool":
      return false;
    case "int":
    case "uint":
    case "float":
      return 0;
    case "bigint":
      return 0n;
    case "complex":
      return { re: 0, im: 0 };
    case "string":
      return node.raw ? new Uint8Array(0) : "";
    case "bytes":
      return new Uint8Array(0);
    case "slice":
      return [];
    case "array":
      return Array.from({ length: node.length }, () => zeroOf(node.element));
    case "map":
      return node.asRecord ? Object.create(null) : new Map();
    case "struct":
      return Object.fromEntries(node.fields.map((field) => [field.name, zeroOf(field.node)]));
    case "pointer":
    case "interface":
      return null;
    case "lazy":
      return zeroOf(node.resolve());
    case "codec":
      return node.codec.zero();
    default:
      return node satisfies never;
  }
}

/** True when all uses of the zero value can share one, because it cannot be changed. */
export function hasSharedZero(node: Node): boolean {
  switch (node.kind) {
    case "bool":
    case "int":
    case "uint":
    case "float":
    case "bigint":
    case "pointer":
    case "interface":
      return true;
    case "string":
      return !node.raw;
    default:
      return false;
  }
}
