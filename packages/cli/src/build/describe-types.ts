import { type create, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

type Create = typeof create;

// How the library's BinaryReader reads a value.
const methods: Readonly<Partial<Record<ScalarType, string>>> = {
  [ScalarType.STRING]: "string",
  [ScalarType.BOOL]: "bool",
  [ScalarType.INT32]: "int32",
  [ScalarType.INT64]: "int64",
  [ScalarType.UINT64]: "uint64",
  [ScalarType.DOUBLE]: "double",
  [ScalarType.BYTES]: "bytes",
};

/** A message and all that can be in it, as JavaScript: arrays with an entry for each type. */
export interface DescribedTypes {
  /** The types' full names, the message's first. */
  readonly names: readonly string[];
  /** What is needed to make one: `[name, values of fields that are not set, names of lists]`. */
  readonly types: string;
  /** What is needed to read one: its fields by number, each `[kind, name, of, argument]`. */
  readonly fields: string;
}

/**
 * Describes a message; undefined if a field is of another kind than those in protobuf's own descriptors.
 *
 * @param make the library's `create`, whose messages are to be made
 */
export function describeTypes(message: DescMessage, make: Create): DescribedTypes | undefined {
  const types = [message];
  const texts: string[] = [];
  const fieldTexts: string[] = [];
  for (const type of types) {
    const fields: string[] = [];
    for (const field of type.fields) {
      const child = field.message;
      if (child !== undefined && !types.includes(child)) types.push(child);
      const text = describeField(field, child === undefined ? -1 : types.indexOf(child));
      if (text === undefined) return undefined;
      fields.push(`${field.number}:${text}`);
    }
    texts.push(`[${literal(type.typeName)},${emptyMessage(make(type))}]`);
    fieldTexts.push(`{${fields}}`);
  }
  const names = types.map(({ typeName }) => typeName);
  return { names, types: `[${texts}]`, fields: `[${fieldTexts}]` };
}

function describeField(field: DescField, typeIndex: number): string | undefined {
  const name = literal(field.localName);
  if (field.oneof !== undefined) return undefined;
  switch (field.fieldKind) {
    case "enum":
      return field.enum.open
        ? undefined
        : `["enum",${name},[${field.enum.values.map(({ number }) => number)}]]`;
    case "message":
      return field.delimitedEncoding ? undefined : `["message",${name},${typeIndex}]`;
    case "scalar":
      return describeScalar("scalar", name, field.scalar, field);
    case "list":
      if (field.listKind === "enum") return `["scalars",${name},"int32"]`;
      if (field.listKind === "scalar") return describeScalar("scalars", name, field.scalar, field);
      return field.delimitedEncoding ? undefined : `["messages",${name},${typeIndex}]`;
    default:
      return undefined;
  }
}

function describeScalar(
  kind: "scalar" | "scalars",
  name: string,
  scalar: ScalarType,
  { utf8Validation }: DescField,
): string | undefined {
  const method = methods[scalar];
  if (method === undefined) return undefined;
  const argument = scalar === ScalarType.STRING ? `,${Boolean(utf8Validation)}` : "";
  return `["${kind}",${name},"${method}"${argument}]`;
}

// Values of fields that are not set are the prototype's, as the library has it; lists are the message's own.
function emptyMessage(message: object): string {
  const zero = Object.entries(Object.getPrototypeOf(message)).map(
    ([name, value]) => `${name}:${literal(value)}`,
  );
  const lists = Object.entries(message).flatMap(([name, value]) =>
    Array.isArray(value) ? [literal(name)] : [],
  );
  return `{${zero}},[${lists}]`;
}

function literal(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return `new Uint8Array([${value}])`;
  return JSON.stringify(value);
}
