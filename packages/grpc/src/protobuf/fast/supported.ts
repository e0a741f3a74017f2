import type { DescField, DescMessage } from "@bufbuild/protobuf";

// google.protobuf.Edition.EDITION_PROTO3. Other editions track presence by prototypes and know groups.
const proto3 = 999;

// Messages that generated code represents by something else where they are a field.
const replaced = /^google\.protobuf\.(Struct|Value|ListValue|[A-Za-z0-9]+Value)$/;

/** True if the fast path knows `desc` and every message that it can contain. */
export function isSupported(desc: DescMessage): boolean {
  const seen = new Set<DescMessage>();
  const visit = (message: DescMessage): boolean => {
    if (seen.has(message)) return true;
    seen.add(message);
    if (message.file.edition !== proto3 || replaced.test(message.typeName)) return false;
    return message.fields.every(
      (field) => isPlain(field) && (field.message === undefined || visit(field.message)),
    );
  };
  return visit(desc);
}

function isPlain(field: DescField): boolean {
  if ("longAsString" in field && field.longAsString) return false;
  return !("delimitedEncoding" in field && field.delimitedEncoding);
}
