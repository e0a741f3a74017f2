import { isExportedName } from "./exported-name.ts";
import { GobError } from "./gob-error.ts";
import {
  type AnySchema,
  type Infer,
  type Input,
  type Node,
  nodeOf,
  type Schema,
  type StructField,
  schemaOf,
} from "./schema.ts";

/** Go's `[]T`. nil and empty are the same. `[]byte` is `bytes`. */
export function slice<S extends AnySchema>(element: S): Schema<Infer<S>[], ArrayLike<Input<S>> | null> {
  const node = nodeOf(element);
  if (node.kind === "uint" && node.bits === 8) {
    throw new GobError("gob-schema", "Go encodes []uint8 as []byte: use bytes");
  }
  return schemaOf({ kind: "slice", element: node });
}

/** Go's `[n]T`. Unlike a slice it is sent even when every element is zero. */
export function array<S extends AnySchema>(
  element: S,
  length: number,
): Schema<Infer<S>[], ArrayLike<Input<S>>> {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new GobError("gob-schema", `an array's length is a whole number, not ${length}`);
  }
  return schemaOf({ kind: "array", element: nodeOf(element), length });
}

/**
 * Go's `map[K]V` as a Map. A nil map decodes as an empty one; wrap it in `pointer` to tell them apart.
 * Keys that are not primitives in JavaScript (structs, arrays) are objects: two equal ones are two keys.
 */
export function map<K extends AnySchema, V extends AnySchema>(
  key: K,
  element: V,
): Schema<Map<Infer<K>, Infer<V>>, ReadonlyMap<Input<K>, Input<V>> | null> {
  return schemaOf({ kind: "map", key: nodeOf(key), element: nodeOf(element), asRecord: false });
}

/** Go's `map[string]V` as an object without a prototype, so that no key is special. */
export function record<V extends AnySchema>(
  element: V,
): Schema<Record<string, Infer<V>>, Readonly<Record<string, Input<V>>> | null> {
  const key: Node = { kind: "string", raw: false };
  return schemaOf({ kind: "map", key, element: nodeOf(element), asRecord: true });
}

/**
 * Go's `*T`. Pointers are not on the wire: a nil one is a field that is not sent, and so is a pointer to
 * a zero value (except to a struct, array, map or codec type), which arrives as nil.
 */
export function pointer<S extends AnySchema>(
  element: S,
): Schema<Infer<S> | null, Input<S> | null | undefined> {
  return schemaOf({ kind: "pointer", element: nodeOf(element) });
}

/** A schema that refers to itself or to one defined later: `lazy(() => Node)`. */
export function lazy<T, I>(resolve: () => Schema<T, I>): Schema<T, I> {
  let resolved: Node | undefined;
  return schemaOf({
    kind: "lazy",
    resolve: () => {
      resolved ??= nodeOf(resolve() as AnySchema);
      return resolved;
    },
  });
}

/** Field names and their schemas, in the order of the Go struct's fields. */
export type Fields = Readonly<Record<string, AnySchema>>;

/** The object that a struct decodes as: every field, zero where it was not sent. */
export type StructOutput<F extends Fields> = { [K in keyof F]: Infer<F[K]> };

/** The object that a struct is encoded from: fields may be left out, which sends zero. */
export type StructInput<F extends Fields> = { readonly [K in keyof F]?: Input<F[K]> | undefined };

/** The schema of a Go struct. */
export interface StructSchema<F extends Fields> extends Schema<StructOutput<F>, StructInput<F>> {
  readonly kind: "struct";
  readonly name: string;
}

/**
 * A Go struct of exported fields.
 *
 * @param name the type's name, sent with its definition; nothing is matched by it
 * @param fields in Go's order; names must begin with an upper-case letter, as only such are sent
 */
export function struct<F extends Fields>(name: string, fields: F): StructSchema<F> {
  const list = Object.entries(fields).map(([field, schema]) => structField(name, field, schema));
  return { kind: "struct", name, fields: list } as StructSchema<F> & { readonly fields: StructField[] };
}

function structField(struct: string, name: string, schema: AnySchema): StructField {
  if (!isExportedName(name)) {
    throw new GobError(
      "gob-schema",
      `field ${struct}.${name} is not exported: Go sends upper-case names only`,
    );
  }
  return { name, node: nodeOf(schema), embedded: embeddedSchemas.has(schema) };
}

const embeddedSchemas = new WeakSet<AnySchema>();

/**
 * An embedded struct, as a field of its type's name: `struct("Dog", { Animal: embedded(Animal), … })`.
 * It is sent as that field; received, its fields may also stand directly in the outer struct, as Go
 * finds promoted fields.
 */
export function embedded<T, I>(schema: Schema<T, I>): Schema<T, I> {
  // A wrapper, so that the struct remains one type wherever it is used.
  const wrapper = lazy(() => schema);
  embeddedSchemas.add(wrapper);
  return wrapper;
}
