import type { DerReader } from "./der/reader.ts";
import { tag } from "./der/tag.ts";
import { malformed } from "./error.ts";
import { nameAttributeOids } from "./oids.ts";
import { readText } from "./parse/text.ts";

/** One attribute of a name. */
export interface NameAttribute {
  /** Dotted object identifier of its type. */
  readonly oid: string;
  readonly value: string;
}

/** A distinguished name: of a subject or an issuer. Two names are the same when their `raw` bytes are. */
export class Name {
  /** The name in DER, as it stands in the certificate. */
  readonly raw: Uint8Array;
  /** In the order of the certificate: the most general first. */
  readonly attributes: readonly NameAttribute[];

  constructor(raw: Uint8Array, attributes: readonly NameAttribute[]) {
    this.raw = raw;
    this.attributes = attributes;
  }

  /** True for a name without attributes. */
  get isEmpty(): boolean {
    return this.attributes.length === 0;
  }

  /** The last common name; undefined if there is none. */
  get commonName(): string | undefined {
    return this.attributes.findLast(({ oid }) => oid === nameAttributeOids.commonName)?.value;
  }

  /** All values of one attribute, such as `organization`. */
  values(attribute: keyof typeof nameAttributeOids): readonly string[] {
    const type = nameAttributeOids[attribute];
    return this.attributes.filter(({ oid }) => oid === type).map(({ value }) => value);
  }

  /** RFC 4514 text, the most particular attribute first: `CN=a,O=b`. */
  toString(): string {
    return this.attributes
      .map(({ oid, value }) => `${shortNames[oid] ?? oid}=${escapeValue(value)}`)
      .reverse()
      .join(",");
  }
}

const shortNames: Readonly<Record<string, string>> = {
  [nameAttributeOids.country]: "C",
  [nameAttributeOids.organization]: "O",
  [nameAttributeOids.organizationalUnit]: "OU",
  [nameAttributeOids.locality]: "L",
  [nameAttributeOids.province]: "ST",
  [nameAttributeOids.streetAddress]: "STREET",
  [nameAttributeOids.commonName]: "CN",
};

function escapeValue(value: string): string {
  return value.replace(/[",+;<>\\\0]|^[ #]| $/g, (character) =>
    character === "\0" ? "\\00" : `\\${character}`,
  );
}

/** Name (RFC 5280 4.1.2.4). */
export function readName(reader: DerReader, what: string): Name {
  const attributes: NameAttribute[] = [];
  const start = reader.offset;
  const raw = reader.element(what, tag.sequence);
  reader
    .reread(start)
    .enter(tag.sequence, what)
    .forEach(what, (names) => {
      const at = names.offset;
      const set = names.enter(tag.set, `${what} attribute set`);
      if (set.atEnd) throw malformed(what, at, "attribute set is empty");
      set.forEach(what, () => {
        const attribute = set.enter(tag.sequence, `${what} attribute`);
        const oid = attribute.objectIdentifier(`${what} attribute type`);
        attributes.push({ oid, value: readText(attribute, `${what} attribute value`) });
        attribute.finish(`${what} attribute`);
      });
    });
  return new Name(raw, attributes);
}
