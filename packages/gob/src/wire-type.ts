/**
 * A type as the wire describes it. Ids 1 to 8 are built in; a stream defines its own from 64 on (65 in
 * streams of old Go releases).
 */
export type WireType =
  | { readonly kind: "basic"; readonly id: number; readonly name: BasicName }
  | {
      readonly kind: "array";
      readonly id: number;
      readonly name: string;
      readonly element: number;
      readonly length: number;
    }
  | { readonly kind: "slice"; readonly id: number; readonly name: string; readonly element: number }
  | {
      readonly kind: "struct";
      readonly id: number;
      readonly name: string;
      readonly fields: readonly WireField[];
    }
  | {
      readonly kind: "map";
      readonly id: number;
      readonly name: string;
      readonly key: number;
      readonly element: number;
    }
  | { readonly kind: "codec"; readonly id: number; readonly name: string; readonly method: CodecMethod };

/** A type that a stream defines. */
export type Definition = Exclude<WireType, { kind: "basic" }>;

/** A struct type's field: its name and its type's id. */
export interface WireField {
  readonly name: string;
  readonly type: number;
}

/** The built-in types with values of their own. */
export type BasicName = "bool" | "int" | "uint" | "float" | "bytes" | "string" | "complex" | "interface";

/** How a type with a codec encodes itself. */
export type CodecMethod = "gob" | "binary" | "text";

/** Ids of the built-in types. */
export const basicIds: Readonly<Record<BasicName, number>> = {
  bool: 1,
  int: 2,
  uint: 3,
  float: 4,
  bytes: 5,
  string: 6,
  complex: 7,
  interface: 8,
};

/** The first id that a stream may define. */
export const firstStreamTypeId = 64;

// Descriptions of the descriptions themselves: a program may send one as a value.
const common: WireField = { name: "CommonType", type: 18 };
const self: readonly WireType[] = [
  {
    kind: "struct",
    id: 16,
    name: "wireType",
    fields: [
      { name: "ArrayT", type: 17 },
      { name: "SliceT", type: 19 },
      { name: "StructT", type: 20 },
      { name: "MapT", type: 23 },
      { name: "GobEncoderT", type: 24 },
      { name: "BinaryMarshalerT", type: 24 },
      { name: "TextMarshalerT", type: 24 },
    ],
  },
  {
    kind: "struct",
    id: 17,
    name: "arrayType",
    fields: [common, { name: "Elem", type: 2 }, { name: "Len", type: 2 }],
  },
  {
    kind: "struct",
    id: 18,
    name: "CommonType",
    fields: [
      { name: "Name", type: 6 },
      { name: "Id", type: 2 },
    ],
  },
  { kind: "struct", id: 19, name: "sliceType", fields: [common, { name: "Elem", type: 2 }] },
  { kind: "struct", id: 20, name: "structType", fields: [common, { name: "Field", type: 22 }] },
  {
    kind: "struct",
    id: 21,
    name: "fieldType",
    fields: [
      { name: "Name", type: 6 },
      { name: "Id", type: 2 },
    ],
  },
  { kind: "slice", id: 22, name: "[]fieldType", element: 21 },
  {
    kind: "struct",
    id: 23,
    name: "mapType",
    fields: [common, { name: "Key", type: 2 }, { name: "Elem", type: 2 }],
  },
  { kind: "struct", id: 24, name: "gobEncoderType", fields: [common] },
];

/** The types that every stream has without defining them. */
export const builtinTypes: ReadonlyMap<number, WireType> = new Map([
  ...Object.entries(basicIds).map(([name, id]): [number, WireType] => [
    id,
    { kind: "basic", id, name: name as BasicName },
  ]),
  ...self.map((type): [number, WireType] => [type.id, type]),
]);
