import { slice } from "./composites.ts";
import { GobError } from "./gob-error.ts";
import * as scalars from "./scalars.ts";
import {
  type AnySchema,
  type Infer,
  type Input,
  type Node,
  nodeOf,
  type RegisteredTypes,
  type Schema,
  schemaOf,
} from "./schema.ts";

/** A value in a Go interface: the name its type is registered under, and the value. */
export interface InterfaceValue<N extends string = string, T = unknown> {
  readonly type: N;
  readonly value: T;
}

/** How a Registry begins. */
export interface RegistryOptions {
  /** Decode Go's 64-bit basic types in interfaces (int, int64, uint, …) as bigint. Default false. */
  readonly bigIntegers?: boolean;
  /** Begin without Go's basic types. Default false. */
  readonly empty?: boolean;
}

/**
 * The types that interface values may hold, by the names both sides registered (Go's gob.Register).
 *
 * Go's names: a type `T` of package path `example.com/shape` is `example.com/shape.T`, of the main
 * package `main.T`; registered as a pointer it is `*shape.T` with the package's short name; an unnamed
 * type is as printed, `map[string]int`. `RegisterName` takes any name. The basic types and slices of
 * them are there from the start, as in Go (`int`, `string`, `[]uint8`, `[]float64`, …).
 */
export class Registry {
  readonly #byName = new Map<string, Node>();
  readonly #names = new Map<Node, string>();

  constructor(options: RegistryOptions = {}) {
    if (options.empty !== true) registerBasics(this, options.bigIntegers === true);
  }

  /**
   * Registers `schema` under Go's `name` for the type. Throws `gob-schema` when the name stands for
   * another schema or the schema has another name, as Go panics.
   */
  register(schema: AnySchema, name: string): this {
    const node = nodeOf(schema);
    const known = this.#names.get(node);
    if (name === "") throw new GobError("gob-schema", "the empty name stands for a nil interface");
    if ((known ?? name) !== name) {
      throw new GobError("gob-schema", `cannot register "${name}": the schema is registered as "${known}"`);
    }
    if ((this.#byName.get(name) ?? node) !== node) {
      throw new GobError("gob-schema", `cannot register "${name}": it stands for another schema`);
    }
    this.#byName.set(name, node);
    this.#names.set(node, name);
    return this;
  }

  /** The schema registered under `name`. */
  get(name: string): AnySchema | undefined {
    const node = this.#byName.get(name);
    return node === undefined ? undefined : schemaOf(node);
  }

  /** Names in the order of registration. */
  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** A value to send in an interface: checked against the schema it was registered with. */
  value<S extends AnySchema>(schema: S, value: Input<S>): InterfaceValue<string, Input<S>> {
    const type = this.#names.get(nodeOf(schema));
    if (type === undefined) throw new GobError("gob-unregistered", "the schema is not in the registry");
    return { type, value };
  }

  /** Whether a received interface value is of `schema`, which tells the compiler what its value is. */
  is<S extends AnySchema>(
    schema: S,
    received: InterfaceValue | null,
  ): received is InterfaceValue<string, Infer<S>> {
    return received !== null && received.type === this.#names.get(nodeOf(schema));
  }
}

let basics: Registry | undefined;

/** Go's basic types, for who was given no registry: one for all, which nobody else gets to change. */
export function basicTypes(): RegisteredTypes {
  basics ??= new Registry();
  return basics;
}

function registerBasics(registry: Registry, bigIntegers: boolean): void {
  const { int: _int, uint: _uint, int64: _int64, uint64: _uint64 } = scalars;
  const signed = (small: AnySchema): AnySchema => copy(bigIntegers ? scalars.bigInt64 : small);
  const unsigned = (small: AnySchema): AnySchema => copy(bigIntegers ? scalars.bigUint64 : small);
  const schemas: Record<string, AnySchema> = {
    int: signed(_int),
    int8: scalars.int8,
    int16: scalars.int16,
    int32: scalars.int32,
    int64: signed(_int64),
    uint: unsigned(_uint),
    uint8: scalars.uint8,
    uint16: scalars.uint16,
    uint32: scalars.uint32,
    uint64: unsigned(_uint64),
    uintptr: unsigned(_uint),
    float32: scalars.float32,
    float64: scalars.float64,
    complex64: scalars.complex64,
    complex128: scalars.complex128,
    bool: scalars.bool,
    string: scalars.string,
  };
  for (const [name, schema] of Object.entries(schemas)) {
    registry.register(schema, name);
    registry.register(name === "uint8" ? copy(scalars.bytes) : slice(schema), `[]${name}`);
  }
}

// Several Go types have one schema here; a registry tells them apart by identity.
function copy(schema: AnySchema): AnySchema {
  return schemaOf({ ...nodeOf(schema) });
}

/** A Go interface: `null` for nil. Types are looked up in the encoder's or decoder's registry. */
export const any: Schema<InterfaceValue | null> = schemaOf({ kind: "interface", registry: undefined });

/** A Go interface whose types are looked up in `registry`. */
export function anyOf(registry: Registry): Schema<InterfaceValue | null> {
  return schemaOf({ kind: "interface", registry });
}

/** What `oneOf` decodes as: a union that `type` tells apart. */
export type OneOfOutput<M extends Readonly<Record<string, AnySchema>>> =
  | { [N in keyof M & string]: InterfaceValue<N, Infer<M[N]>> }[keyof M & string]
  | null;

/** What `oneOf` is encoded from. */
export type OneOfInput<M extends Readonly<Record<string, AnySchema>>> =
  | { [N in keyof M & string]: InterfaceValue<N, Input<M[N]>> }[keyof M & string]
  | null;

/** A Go interface that holds one of these types, by registered name; any other name is an error. */
export function oneOf<M extends Readonly<Record<string, AnySchema>>>(
  types: M,
): Schema<OneOfOutput<M>, OneOfInput<M>> {
  const registry = new Registry({ empty: true });
  for (const [name, schema] of Object.entries(types)) registry.register(schema, name);
  return schemaOf({ kind: "interface", registry });
}
