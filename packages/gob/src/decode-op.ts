import { decodeAnyTop } from "./decode-any.ts";
import { type DecodeStream, readInterfaceTypeId, readSingletonMark, readTypeName } from "./decode-stream.ts";
import { Fault } from "./fault.ts";
import type { DecodeOp, Plan } from "./plan-cache.ts";
import { codecReader } from "./read-codec.ts";
import { elementsReader, mapReader } from "./read-elements.ts";
import { floatReader, intReader, uintReader } from "./read-scalar.ts";
import { type FieldReader, structReader } from "./read-struct.ts";
import type { Reader } from "./reader.ts";
import type { InterfaceValue } from "./registry.ts";
import {
  type ArrayNode,
  baseOf,
  type InterfaceNode,
  type MapNode,
  type Node,
  nodeOf,
  type SliceNode,
  type StructNode,
} from "./schema.ts";
import { skipValue } from "./skip.ts";
import { findField } from "./struct-field.ts";
import { basicIdOf, typeNameOf } from "./wire-shape.ts";
import type { WireField, WireType } from "./wire-type.ts";

/** The plan for decoding wire type `id` into `node`: compiled once per decoder. */
export function planFor(stream: DecodeStream, node: Node, id: number): Plan {
  const known = stream.plans.get(node, id);
  if (known !== undefined) return known;
  const plan: Plan = { op: undefined, disjoint: false };
  stream.plans.set(node, id, plan);
  try {
    plan.op = compile(stream, node, id, plan);
  } catch (thrown) {
    stream.plans.delete(node, id);
    throw thrown;
  }
  return plan;
}

/** Decodes a value at the top of a message or in an interface. */
export function decodeTop(r: Reader, stream: DecodeStream, node: Node, id: number): unknown {
  const plan = planFor(stream, node, id);
  if (baseOf(node).kind !== "struct") readSingletonMark(r);
  else if (plan.disjoint) throw mismatch(stream, node, id, ": they have no field in common");
  return run(plan, r);
}

function run(plan: Plan, r: Reader): unknown {
  if (plan.op === undefined) throw new TypeError("gob: a plan was used before it was compiled");
  return plan.op(r);
}

function compile(stream: DecodeStream, node: Node, id: number, plan: Plan): DecodeOp {
  const base = baseOf(node);
  const basic = basicIdOf(base);
  if (basic !== undefined && basic !== id) throw mismatch(stream, base, id);
  switch (base.kind) {
    case "bool":
      return (r) => r.uint() !== 0;
    case "int":
      return intReader(base.bits);
    case "uint":
      return uintReader(base.bits);
    case "bigint":
      return base.signed ? (r) => r.bigInt() : (r) => r.bigUint();
    case "float":
      return floatReader(base.bits);
    case "complex": {
      const float = floatReader(base.bits === 64 ? 32 : 64);
      return (r) => ({ re: float(r), im: float(r) });
    }
    case "string":
      return base.raw ? (r) => r.ownBytes() : (r) => r.string();
    case "bytes":
      return (r) => r.ownBytes();
    case "interface":
      return interfaceReader(stream, base);
    default:
      return compileDefined(stream, base, id, plan);
  }
}

function compileDefined(
  stream: DecodeStream,
  base: Extract<Node, { kind: "slice" | "array" | "map" | "struct" | "codec" }>,
  id: number,
  plan: Plan,
): DecodeOp {
  const wire = stream.types.get(id);
  if (wire === undefined)
    throw new Fault("gob-type", `a value of type ${id}, which the stream has not defined`);
  if (wire.kind !== base.kind) throw mismatch(stream, base, id);
  switch (base.kind) {
    case "struct":
      return compileStruct(stream, base, wire as WireType & { kind: "struct" }, plan);
    case "map":
      return compileMap(stream, base, wire as WireType & { kind: "map" });
    case "codec":
      if ((wire as WireType & { kind: "codec" }).method !== base.codec.method)
        throw mismatch(stream, base, id);
      return codecReader(base.codec);
    default:
      return compileElements(stream, base, wire as WireType & { kind: "slice" | "array" });
  }
}

function compileElements(
  stream: DecodeStream,
  base: SliceNode | ArrayNode,
  wire: WireType & { kind: "slice" | "array" },
): DecodeOp {
  if (base.kind === "array" && wire.kind === "array" && base.length !== wire.length) {
    throw mismatch(stream, base, wire.id);
  }
  const element = elementOp(stream, base.element, wire.element);
  const length = base.kind === "array" ? base.length : undefined;
  return elementsReader(element, length, stream.types.canSpread(wire.element));
}

function compileMap(stream: DecodeStream, base: MapNode, wire: WireType & { kind: "map" }): DecodeOp {
  const key = elementOp(stream, base.key, wire.key);
  const element = elementOp(stream, base.element, wire.element);
  return mapReader(
    key,
    element,
    base.asRecord,
    stream.types.canSpread(wire.key) || stream.types.canSpread(wire.element),
  );
}

function elementOp(stream: DecodeStream, node: Node, id: number): DecodeOp {
  const plan = planFor(stream, node, id);
  // Being compiled further up: the type contains itself.
  return plan.op ?? ((r) => run(plan, r));
}

function compileStruct(
  stream: DecodeStream,
  base: StructNode,
  wire: WireType & { kind: "struct" },
  plan: Plan,
): DecodeOp {
  const fields = wire.fields.map((field) => compileField(stream, base, wire.name, field));
  const matched = fields.some((field) => field.path.length > 0);
  plan.disjoint = !matched && base.fields.length > 0 && fields.length > 0;
  return structReader(base, fields);
}

function compileField(stream: DecodeStream, base: StructNode, struct: string, wire: WireField): FieldReader {
  const found = findField(base, wire.name);
  if (found === undefined) {
    return { path: [], name: wire.name, read: (r) => skipValue(r, wire.type, stream.types) };
  }
  try {
    return { path: found.path, name: wire.name, read: elementOp(stream, found.node, wire.type) };
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown.within(`.${wire.name}`, struct) : thrown;
  }
}

function interfaceReader(stream: DecodeStream, node: InterfaceNode): DecodeOp {
  const registry = node.registry ?? stream.registry;
  return (r): InterfaceValue | null => {
    const type = readTypeName(r);
    if (type === "") return null;
    const schema = registry.get(type);
    if (schema === undefined && stream.unregistered === "fail") {
      throw r.fault("gob-unregistered", `no type is registered as ${JSON.stringify(type)}`);
    }
    const id = readInterfaceTypeId(r, stream.types);
    // The length is for those who pass over the value.
    r.uint();
    r.enter();
    const value =
      schema === undefined ? decodeAnyTop(r, stream, id) : decodeTop(r, stream, nodeOf(schema), id);
    r.leave();
    return { type, value };
  };
}

function mismatch(stream: DecodeStream, node: Node, id: number, why: string = ""): Fault {
  const received = stream.types.nameOf(id);
  const what = `received ${received}, which cannot be decoded into ${typeNameOf(node)}${why}`;
  const fault = new Fault("gob-mismatch", what);
  fault.type = typeNameOf(node);
  return fault;
}
