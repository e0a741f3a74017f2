import { tag } from "../der/tag.ts";
import { type DerValue, objectIdentifier, sequence, setOf, tlv, toBytes } from "../der/writer.ts";
import { nameAttributeOids } from "../oids.ts";

/** A name by its attributes; several values of one attribute are written one after another. */
export type NameAttributes = {
  readonly [Attribute in keyof typeof nameAttributeOids]?: string | readonly string[] | undefined;
};

/** The name without attributes: what the subject of a mesh certificate is. */
export const emptyName: Uint8Array = toBytes(sequence());

/** Name (RFC 5280 4.1.2.4) in DER, attributes from the most general to the most particular. */
export function encodeName(attributes: NameAttributes): Uint8Array {
  const parts: DerValue[] = [];
  for (const [key, type] of Object.entries(nameAttributeOids)) {
    const value = attributes[key as keyof NameAttributes];
    if (value === undefined) continue;
    for (const text of typeof value === "string" ? [value] : value) {
      parts.push(setOf(sequence(objectIdentifier(type), encodeText(text))));
    }
  }
  return toBytes(sequence(...parts));
}

// PrintableString where its alphabet is enough, UTF8String otherwise (RFC 5280 4.1.2.4).
function encodeText(text: string): DerValue {
  const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
  return tlv(printable ? tag.printableString : tag.utf8String, Buffer.from(text, "utf8"));
}
