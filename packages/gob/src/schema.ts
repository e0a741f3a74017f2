import type { Codec } from "./codec.ts";

/**
 * The type of a gob value, as a value. `T` is what decoding gives; `I` is what encoding takes, which is
 * wider: struct fields may be left out, and a bigint schema takes numbers too.
 *
 * Schemas are made by this package's constants and functions only.
 */
export interface Schema<out T = unknown, in I = T> {
  readonly kind: SchemaKind;
  readonly [output]?: T;
  readonly [input]?: (value: I) => void;
}

declare const output: unique symbol;
declare const input: unique symbol;

/** Any schema at all, as a constraint. */
export type AnySchema = Schema<unknown, never>;

/** What decoding with the schema `S` gives. */
export type Infer<S extends AnySchema> = S extends Schema<infer T, never> ? T : never;

/** What encoding with the schema `S` takes. */
export type Input<S extends AnySchema> = S extends Schema<unknown, infer I> ? I : never;

/** The kinds of schema. */
export type SchemaKind = Node["kind"];

/** Widths of integers held as numbers; 64 means a safe integer of a 64-bit type. */
export type NumberBits = 8 | 16 | 32 | 64;

export interface BoolNode {
  readonly kind: "bool";
}
export interface IntNode {
  readonly kind: "int";
  readonly bits: NumberBits;
}
export interface UintNode {
  readonly kind: "uint";
  readonly bits: NumberBits;
}
export interface BigIntNode {
  readonly kind: "bigint";
  readonly signed: boolean;
}
export interface FloatNode {
  readonly kind: "float";
  readonly bits: 32 | 64;
}
export interface ComplexNode {
  readonly kind: "complex";
  readonly bits: 64 | 128;
}
export interface StringNode {
  readonly kind: "string";
  readonly raw: boolean;
}
export interface BytesNode {
  readonly kind: "bytes";
}
export interface SliceNode {
  readonly kind: "slice";
  readonly element: Node;
}
export interface ArrayNode {
  readonly kind: "array";
  readonly element: Node;
  readonly length: number;
}
export interface MapNode {
  readonly kind: "map";
  readonly key: Node;
  readonly element: Node;
  /** Held as a plain object instead of a Map. */
  readonly asRecord: boolean;
}
export interface StructField {
  readonly name: string;
  readonly node: Node;
  /** An embedded struct: the wire may have its fields directly. */
  readonly embedded: boolean;
}
export interface StructNode {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: readonly StructField[];
}
export interface PointerNode {
  readonly kind: "pointer";
  readonly element: Node;
}
export interface LazyNode {
  readonly kind: "lazy";
  readonly resolve: () => Node;
}
/** The types that interface values may hold, by registered name. */
export interface RegisteredTypes {
  get(name: string): AnySchema | undefined;
}

export interface InterfaceNode {
  readonly kind: "interface";
  /** What names stand for; undefined for the registry that the encoder or decoder was given. */
  readonly registry: RegisteredTypes | undefined;
}
export interface CodecNode {
  readonly kind: "codec";
  readonly codec: Codec<unknown>;
}

/** The inside of a schema. */
export type Node =
  | BoolNode
  | IntNode
  | UintNode
  | BigIntNode
  | FloatNode
  | ComplexNode
  | StringNode
  | BytesNode
  | SliceNode
  | ArrayNode
  | MapNode
  | StructNode
  | PointerNode
  | LazyNode
  | InterfaceNode
  | CodecNode;

/** The inside of a schema: every schema is a node with its static type added. */
export function nodeOf(schema: AnySchema): Node {
  return schema as AnySchema & Node;
}

/** A node as a schema of the type that its maker vouches for. */
export function schemaOf<T, I = T>(node: Node): Schema<T, I> {
  return node as Node & Schema<T, I>;
}

/** The node behind pointers and laziness: what is on the wire. */
export function baseOf(node: Node): Exclude<Node, PointerNode | LazyNode> {
  let at = node;
  for (let steps = 0; at.kind === "pointer" || at.kind === "lazy"; steps++) {
    if (steps > maxIndirections) throw new TypeError("gob: a schema that is only pointers to itself");
    at = at.kind === "pointer" ? at.element : at.resolve();
  }
  return at;
}

const maxIndirections = 100;
