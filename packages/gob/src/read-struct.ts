import { toFault } from "./fault.ts";
import { type Reader, starved } from "./reader.ts";
import type { Node, StructNode } from "./schema.ts";
import { noSuchField } from "./skip.ts";
import { hasSharedZero, zeroOf } from "./zero.ts";

/** A wire field: where its value goes (nowhere if `path` is empty) and how it is read. */
export interface FieldReader {
  readonly path: readonly string[];
  /** The wire's name for it. */
  readonly name: string;
  readonly read: (r: Reader) => unknown;
}

interface FreshField {
  readonly name: string;
  readonly node: Node;
}

/** Reads a struct into an object that has all of the schema's fields, in the schema's order. */
export function structReader(struct: StructNode, fields: readonly FieldReader[]): (r: Reader) => unknown {
  const zero = template(struct);
  const fresh = struct.fields.filter((field) => !hasSharedZero(field.node));
  return (r) => {
    r.enter();
    const object = { ...zero };
    let at = -1;
    try {
      for (let delta = r.uint(); delta !== 0; delta = r.uint()) {
        at += delta;
        const field = fields[at];
        if (field === undefined) throw noSuchField(r, struct.name, at);
        const value = field.read(r);
        if (field.path.length === 1) object[field.name] = value;
        else if (field.path.length > 1) setPromoted(object, struct, field.path, value);
      }
    } catch (thrown) {
      if (thrown === starved) throw thrown;
      throw toFault(thrown).within(`.${fields[at]?.name ?? "?"}`, struct.name);
    }
    if (fresh.length > 0) fillFresh(object, fresh);
    r.leave();
    return object;
  };
}

// Copying one object is the fastest way to many of the same shape. Zeros that could be changed are
// left out of it and made anew.
function template(struct: StructNode): Record<string, unknown> {
  const zero: Record<string, unknown> = {};
  for (const field of struct.fields) {
    zero[field.name] = hasSharedZero(field.node) ? zeroOf(field.node) : undefined;
  }
  return zero;
}

function fillFresh(object: Record<string, unknown>, fresh: readonly FreshField[]): void {
  for (const field of fresh) {
    if (object[field.name] === undefined) object[field.name] = zeroOf(field.node);
  }
}

// A field of an embedded struct: the structs on the way are made as Go makes them.
function setPromoted(
  object: Record<string, unknown>,
  struct: StructNode,
  path: readonly string[],
  value: unknown,
): void {
  let target = object;
  let fields: readonly FreshField[] = struct.fields;
  for (const step of path.slice(0, -1)) {
    const node = fields.find((field) => field.name === step)?.node;
    const inner = innerStruct(node);
    target[step] ??= zeroOf(inner);
    target = target[step] as Record<string, unknown>;
    fields = inner.fields;
  }
  const last = path.at(-1);
  if (last !== undefined) target[last] = value;
}

function innerStruct(node: Node | undefined): StructNode {
  let at = node;
  while (at?.kind === "lazy" || at?.kind === "pointer") at = at.kind === "lazy" ? at.resolve() : at.element;
  if (at?.kind !== "struct") throw new TypeError("gob: a promoted field outside an embedded struct");
  return at;
}
