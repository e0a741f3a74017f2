import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";

/** What a message's JSON has: `its fields are name (string), tags (list of string)`. */
export function describeFields({ fields }: DescMessage): string {
  if (fields.length === 0) return "it has no fields: {}";
  const shown = fields.map((field) => `${field.jsonName} (${typeOf(field)})`).join(", ");
  return `${fields.length === 1 ? "its only field is" : "its fields are"} ${shown}`;
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case "list":
      return `list of ${valueType(field)}`;
    case "map":
      return `map to ${valueType(field)}`;
    default:
      return valueType(field);
  }
}

type Value = Pick<DescField, "scalar" | "enum" | "message">;

function valueType({ scalar, enum: choice, message }: Value): string {
  if (message !== undefined) return message.typeName;
  if (choice !== undefined) return choice.values.map(({ name }) => name).join("|");
  if (scalar === ScalarType.BYTES) return "bytes in base64";
  return scalar === undefined ? "" : ScalarType[scalar].toLowerCase();
}
