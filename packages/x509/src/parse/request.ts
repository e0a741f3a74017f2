import type { DerReader } from "../der/reader.ts";
import { contextConstructedTag, tag } from "../der/tag.ts";
import { malformed } from "../error.ts";
import type { X509Limits } from "../limits.ts";
import { type Name, readName } from "../name.ts";
import { oid } from "../oids.ts";
import { readSigned, type SignedParts } from "./certificate.ts";
import { type ExtensionFields, readExtensions } from "./extensions.ts";
import { type PublicKeyInfo, readPublicKey } from "./public-key.ts";

/** An attribute of a request, its values raw. */
export interface RequestAttribute {
  readonly oid: string;
  /** Each value in DER. */
  readonly values: readonly Uint8Array[];
}

/** Everything a certificate request says. */
export interface RequestFields {
  readonly signed: SignedParts;
  /** What the extensions asked for say. */
  readonly asked: ExtensionFields;
  readonly subject: Name;
  readonly publicKey: PublicKeyInfo;
  readonly attributes: readonly RequestAttribute[];
}

/** CertificationRequest (RFC 2986 4) in strict DER, nothing after it. */
export function readRequest(der: Uint8Array, limits: X509Limits): RequestFields {
  const { signed, body } = readSigned(der, limits, "certificate request");
  const at = body.offset;
  if (body.smallInteger("version") !== 0) throw malformed("version", at, "must be 0");
  const subject = readName(body, "subject");
  const publicKey = readPublicKey(body);
  const attributes: RequestAttribute[] = [];
  let extensions: DerReader | undefined;
  const list = body.enter(contextConstructedTag(0), "attributes");
  body.finish("certificate request body");
  list.forEach("attributes", () => {
    const attributeAt = list.offset;
    const attribute = list.enter(tag.sequence, "attribute");
    const id = attribute.objectIdentifier("attribute type");
    const valuesAt = attribute.offset;
    attributes.push({ oid: id, values: readValues(attribute) });
    if (id !== oid.extensionRequest) return;
    if (extensions !== undefined) throw malformed("attributes", attributeAt, "extensions occur twice");
    extensions = attribute.reread(valuesAt).enter(tag.set, "requested extensions");
  });
  return { signed, asked: readExtensions(extensions), subject, publicKey, attributes };
}

function readValues(attribute: DerReader): readonly Uint8Array[] {
  const at = attribute.offset;
  const set = attribute.enter(tag.set, "attribute values");
  attribute.finish("attribute");
  const values: Uint8Array[] = [];
  set.forEach("attribute values", () => values.push(set.element("attribute value")));
  if (values.length === 0) throw malformed("attribute values", at, "there are none");
  return values;
}
