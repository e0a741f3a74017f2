import * as gob from "@drawbar/gob";

/** A type as both sides can build it: here as a schema, in Go by reflection. */
export interface Description {
  readonly Kind: string;
  readonly Fields?: readonly { readonly Name: string; readonly Type: Description }[];
  readonly Key?: Description;
  readonly Element?: Description;
  readonly Length?: number;
}

const integer = (bits: number): Description => ({ Kind: `int${bits}` });

/** What stands for a described type: integers of 64 bits as bigint, to have all of them. */
export const scalars: Readonly<Record<string, gob.AnySchema>> = {
  bool: gob.bool,
  int: gob.bigInt64,
  int8: gob.int8,
  int16: gob.int16,
  int32: gob.int32,
  int64: gob.bigInt64,
  uint: gob.bigUint64,
  uint8: gob.uint8,
  uint16: gob.uint16,
  uint32: gob.uint32,
  uint64: gob.bigUint64,
  float32: gob.float32,
  float64: gob.float64,
  complex64: gob.complex64,
  complex128: gob.complex128,
  string: gob.string,
  bytes: gob.bytes,
  time: gob.time,
  bigInt: gob.bigInt,
  url: gob.url,
};

const list = (element: Description): Description => ({ Kind: "slice", Element: element });
const pointer = (element: Description): Description => ({ Kind: "pointer", Element: element });
const map = (key: Description, element: Description): Description => ({
  Kind: "map",
  Key: key,
  Element: element,
});
const kind = (name: string): Description => ({ Kind: name });
const struct = (fields: Record<string, Description>): Description => ({
  Kind: "struct",
  Fields: Object.entries(fields).map(([Name, Type]) => ({ Name, Type })),
});

const point = struct({ X: kind("int"), Y: kind("int") });

/** The peer's recursive type. */
export const tree: Description = struct({
  Label: kind("string"),
  Left: pointer(kind("tree")),
  Right: pointer(kind("tree")),
  Children: list(kind("tree")),
  ByName: map(kind("string"), pointer(kind("tree"))),
});

/** The types that the peer's interface values hold, by registered name. */
export const registered: ReadonlyMap<string, Description> = new Map([
  ["int", kind("int")],
  ["string", kind("string")],
  ["float64", kind("float64")],
  ["bool", kind("bool")],
  ["[]uint8", kind("bytes")],
  ["[]int", list(kind("int"))],
  ["[]string", list(kind("string"))],
  ["complex64", kind("complex64")],
  ["uint16", kind("uint16")],
  ["map[string]int", map(kind("string"), kind("int"))],
  ["main.Point", point],
  [
    "*main.Shape",
    struct({ Name: kind("string"), Points: list(point), Origin: pointer(point), Inner: kind("any") }),
  ],
  ["main.Celsius", kind("float64")],
  ["time.Time", kind("time")],
  ["*big.Int", kind("bigInt")],
  ["tree", kind("tree")],
]);

/** The schema of a described type. */
export function schemaOf(type: Description): gob.AnySchema {
  switch (type.Kind) {
    case "struct": {
      const fields = (type.Fields ?? []).map((field) => [field.Name, schemaOf(field.Type)] as const);
      return gob.struct("", Object.fromEntries(fields));
    }
    case "slice":
      return gob.slice(schemaOf(elementOf(type)));
    case "array":
      return gob.array(schemaOf(elementOf(type)), type.Length ?? 0);
    case "map":
      return gob.map(schemaOf(type.Key ?? integer(8)), schemaOf(elementOf(type)));
    case "pointer":
      return gob.pointer(schemaOf(elementOf(type)));
    case "any":
      return gob.any;
    case "tree":
      return treeSchema;
    default: {
      const schema = scalars[type.Kind];
      if (schema === undefined) throw new Error(`no schema for ${type.Kind}`);
      return schema;
    }
  }
}

export function elementOf(type: Description): Description {
  if (type.Element === undefined) throw new Error(`${type.Kind} without element`);
  return type.Element;
}

const treeSchema: gob.AnySchema = gob.lazy(() => lazyTree());
let builtTree: gob.Schema | undefined;
function lazyTree(): gob.Schema {
  builtTree ??= schemaOf(tree) as gob.Schema;
  return builtTree;
}

/** The registry with the peer's types. */
export function peerRegistry(): gob.Registry {
  const registry = new gob.Registry({ empty: true });
  for (const [name, type] of registered) registry.register({ ...schemaOf(type) }, name);
  return registry;
}
