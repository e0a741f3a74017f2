import { type EncodeContext, type EncodeOp, enter, type WriteOp, wrongType } from "./encode-context.ts";
import { Fault, toFault } from "./fault.ts";
import { baseOf, type CodecNode, type Node, nodeOf, type RegisteredTypes } from "./schema.ts";
import { elementsWriter } from "./write-elements.ts";
import {
  bigIntWriter,
  boolWriter,
  bytesWriter,
  complexWriter,
  floatWriter,
  intWriter,
  stringWriter,
  uintWriter,
} from "./write-scalar.ts";
import type { Writer } from "./writer.ts";

const ops = new WeakMap<Node, EncodeOp>();

/** The compiled encoder of a node. */
export function encodeOpOf(node: Node): EncodeOp {
  let op = ops.get(node);
  if (op === undefined) {
    op = compile(node);
    ops.set(node, op);
  }
  return op;
}

const never = (): boolean => false;
const isNil = (value: unknown): boolean => value === undefined || value === null;
const isZeroNumber = (value: unknown): boolean => value === 0 || value === undefined;
const isEmpty = (value: unknown): boolean => isNil(value) || (value as ArrayLike<unknown>).length === 0;

function compile(node: Node): EncodeOp {
  switch (node.kind) {
    case "int":
      return { write: intWriter(node.bits), omits: isZeroNumber };
    case "uint":
      return { write: uintWriter(node.bits), omits: isZeroNumber };
    case "bigint":
      return {
        write: bigIntWriter(node.signed),
        omits: (value) => value === 0n || value === 0 || value === undefined,
      };
    case "bool":
      return { write: boolWriter, omits: (value) => value === false || value === undefined };
    case "float":
      return { write: floatWriter(node.bits), omits: isZeroNumber };
    case "complex":
      return { write: complexWriter(node.bits), omits: isZeroComplex };
    case "string":
      if (node.raw) return { write: bytesWriter, omits: isEmpty };
      return { write: stringWriter, omits: (value) => value === "" || value === undefined };
    case "bytes":
      return { write: bytesWriter, omits: isEmpty };
    case "slice":
      return { write: elementsWriter(node, encodeOpOf(node.element)), omits: isEmpty };
    case "array":
      return { write: elementsWriter(node, encodeOpOf(node.element)), omits: never };
    case "map":
      return { write: mapWriter(node.key, node.element), omits: isNil };
    case "struct":
      return { write: structWriter(node.name, node.fields), omits: never };
    case "interface":
      return { write: interfaceWriter(node.registry), omits: isNil };
    case "codec":
      return { write: codecWriter(node), omits: codecOmits(node) };
    case "pointer":
      return pointerOp(node.element);
    case "lazy":
      return lazyOp(node.resolve);
    default:
      return node satisfies never;
  }
}

function isZeroComplex(value: unknown): boolean {
  if (value === undefined) return true;
  const { re, im } = value as { re: unknown; im: unknown };
  return re === 0 && im === 0;
}

function lazyOp(resolve: () => Node): EncodeOp {
  let op: EncodeOp | undefined;
  const get = (): EncodeOp => {
    op ??= encodeOpOf(resolve());
    return op;
  };
  return {
    write: (w, value, context) => get().write(w, value, context),
    omits: (value) => get().omits(value),
  };
}

function pointerOp(element: Node): EncodeOp {
  const op = encodeOpOf(element);
  // A non-nil pointer to a codec type is sent whatever it points to.
  const isCodec = element.kind === "codec";
  return {
    write(w, value, context) {
      if (value === null || value === undefined) {
        throw new Fault("gob-value", "a nil pointer cannot be sent here, only as a struct's field");
      }
      op.write(w, value, context);
    },
    omits: (value) => value === null || value === undefined || (!isCodec && op.omits(value)),
  };
}

interface FieldPlan {
  readonly name: string;
  readonly op: EncodeOp;
}

const zeroStruct: Readonly<Record<string, unknown>> = Object.freeze(Object.create(null));

function structWriter(name: string, fields: readonly { name: string; node: Node }[]): WriteOp {
  const plan: FieldPlan[] = fields.map((field) => ({ name: field.name, op: encodeOpOf(field.node) }));
  return (w, value, context) => {
    if (typeof value !== "object" && value !== undefined) throw wrongType(`an object for ${name}`, value);
    if (value === null) throw wrongType(`an object for ${name}`, value);
    const object = (value ?? zeroStruct) as Record<string, unknown>;
    enter(context);
    let at = 0;
    try {
      for (let last = -1; at < plan.length; at++) {
        const field = plan[at] as FieldPlan;
        const fieldValue = object[field.name];
        if (field.op.omits(fieldValue)) continue;
        w.uint(at - last);
        last = at;
        field.op.write(w, fieldValue, context);
      }
    } catch (thrown) {
      throw toFault(thrown).within(`.${plan[at]?.name}`, name);
    }
    w.byte(0);
    context.depth--;
  };
}

function mapWriter(key: Node, element: Node): WriteOp {
  const keyOp = encodeOpOf(key);
  const elementOp = encodeOpOf(element);
  return (w, value, context) => {
    const entries = mapEntries(value);
    enter(context);
    w.uint(entries.size);
    for (const [entryKey, entryValue] of entries) {
      try {
        keyOp.write(w, entryKey, context);
        elementOp.write(w, entryValue, context);
      } catch (thrown) {
        throw toFault(thrown).within(`[${describeKey(entryKey)}]`);
      }
    }
    context.depth--;
  };
}

function mapEntries(value: unknown): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  if (value === null || value === undefined) return new Map();
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType("a Map or an object", value);
  return new Map(Object.entries(value));
}

function interfaceWriter(ownRegistry: RegisteredTypes | undefined): WriteOp {
  let guess = 1;
  return (w, value, context) => {
    if (value === null || value === undefined) {
      w.byte(0);
      return;
    }
    const { type, value: content } = value as { type?: unknown; value?: unknown };
    if (typeof type !== "string") throw wrongType("{ type, value } or null for an interface", value);
    const schema = (ownRegistry ?? context.registry).get(type);
    if (schema === undefined) {
      throw new Fault("gob-unregistered", `no type is registered as "${type}": register it on both sides`);
    }
    const node = nodeOf(schema);
    w.string(type);
    w.int(context.types.idOf(node));
    // Interfaces nest, so the guess may change before the end.
    const prefixBytes = guess;
    const mark = w.beginLength(prefixBytes);
    enter(context);
    try {
      writeTop(w, node, content, context);
    } catch (thrown) {
      throw toFault(thrown).within(`.(${type})`);
    }
    context.depth--;
    guess = w.endLength(mark, prefixBytes);
  };
}

/** Writes a value as at the top of a message: what is not a struct is marked by a zero in front. */
export function writeTop(w: Writer, node: Node, value: unknown, context: EncodeContext): void {
  if (baseOf(node).kind !== "struct") w.byte(0);
  else if (value === undefined) throw wrongType("an object", value);
  encodeOpOf(node).write(w, value, context);
}

function codecWriter({ codec }: CodecNode): WriteOp {
  return (w, value) => {
    let encoded: Uint8Array;
    try {
      encoded = codec.encode(value === undefined ? codec.zero() : value);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Fault("gob-codec", `${codec.name} cannot be encoded: ${why}`, undefined, thrown);
    }
    w.counted(encoded);
  };
}

function codecOmits({ codec }: CodecNode): (value: unknown) => boolean {
  return (value) => value === undefined || codec.isZero?.(value) === true;
}

function describeKey(key: unknown): string {
  return typeof key === "string"
    ? JSON.stringify(key.slice(0, 40))
    : typeof key === "object"
      ? "…"
      : String(key);
}
