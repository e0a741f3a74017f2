import * as gob from "@drawbar/gob";

// The types of conformance/peers/gob that its vectors hold.

export const Point: gob.StructSchema<{ X: typeof gob.int; Y: typeof gob.int }> = gob.struct("Point", {
  X: gob.int,
  Y: gob.int,
});

export const Scalars = gob.struct("Scalars", {
  Bool: gob.bool,
  Int: gob.int,
  Uint: gob.uint,
  Float: gob.float64,
  Complex: gob.complex128,
  String: gob.string,
  Bytes: gob.bytes,
});

export const Composites = gob.struct("Composites", {
  Slice: gob.slice(gob.int),
  Array: gob.array(gob.string, 3),
  Map: gob.map(gob.string, gob.int),
  Pointer: gob.pointer(Point),
  Nested: Point,
  Empty: gob.pointer(gob.map(gob.int, gob.bool)),
});

export const Marshalers = gob.struct("Marshalers", { Time: gob.time, Big: gob.bigInt, URL: gob.url });

export const Shape = gob.struct("Shape", {
  Name: gob.string,
  Points: gob.slice(Point),
  Origin: gob.pointer(Point),
  Inner: gob.any,
});

export const Holder = gob.struct("Holder", { Name: gob.string, Held: gob.any, Also: gob.slice(gob.any) });

export const Base = gob.struct("Base", { Id: gob.int });
export const Derived = gob.struct("Derived", { Base: gob.embedded(Base), Name: gob.string });

export interface TreeValue {
  Label: string;
  Left: TreeValue | null;
  Right: TreeValue | null;
  Children: TreeValue[];
  ByName: Map<string, TreeValue | null>;
}

export const Tree: gob.Schema<TreeValue, Partial<TreeValue>> = gob.struct("Tree", {
  Label: gob.string,
  Left: gob.pointer(gob.lazy(() => Tree)),
  Right: gob.pointer(gob.lazy(() => Tree)),
  Children: gob.slice(gob.lazy(() => Tree)),
  ByName: gob.map(gob.string, gob.pointer(gob.lazy(() => Tree))),
});

export const registry: gob.Registry = new gob.Registry()
  .register(Point, "main.Point")
  .register(Shape, "*main.Shape")
  .register(Tree, "tree");

/** Bytes written in hex; spaces are for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}
