import type { DerReader } from "../der/reader.ts";
import { contextTag, tag } from "../der/tag.ts";
import { malformed } from "../error.ts";
import { ipAddressText } from "../ip-address.ts";
import { ascii } from "./text.ts";
import { uriProblem } from "./uri.ts";

/** The alternative names of a subject that this package reads. Lists are empty where there are none. */
export interface SubjectAltNames {
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  /** Dotted decimal, or RFC 5952 text. */
  readonly ipAddresses: readonly string[];
  readonly emails: readonly string[];
}

/** No alternative names at all. */
export const noAltNames: SubjectAltNames = { uris: [], dnsNames: [], ipAddresses: [], emails: [] };

const names = { email: contextTag(1), dns: contextTag(2), uri: contextTag(6), ip: contextTag(7) };

/** subjectAltName (RFC 5280 4.2.1.6). Kinds of name other than the four are passed over. */
export function readAltNames(reader: DerReader): SubjectAltNames {
  const found = {
    uris: [] as string[],
    dnsNames: [] as string[],
    ipAddresses: [] as string[],
    emails: [] as string[],
  };
  const list = reader.enter(tag.sequence, "subjectAltName");
  reader.finish("subjectAltName");
  list.forEach("subjectAltName", () => {
    switch (list.nextTag) {
      case names.uri:
        found.uris.push(readUri(list));
        break;
      case names.dns:
        found.dnsNames.push(readAscii(list, "subjectAltName dNSName"));
        break;
      case names.email:
        found.emails.push(readAscii(list, "subjectAltName rfc822Name"));
        break;
      case names.ip:
        found.ipAddresses.push(readIpAddress(list));
        break;
      default:
        list.element("subjectAltName");
    }
  });
  return found;
}

/** True for text that may stand as a DNS name or an email: visible ASCII, at least one character. */
export function isVisibleAscii(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function readAscii(list: DerReader, what: string): string {
  const at = list.offset;
  const text = ascii(list.contents(list.nextTag ?? 0, what));
  if (text === undefined || !isVisibleAscii(text)) throw malformed(what, at, "must be visible ASCII");
  return text;
}

function readUri(list: DerReader): string {
  const at = list.offset;
  const text = readAscii(list, "subjectAltName uniformResourceIdentifier");
  const problem = uriProblem(text);
  if (problem !== undefined) throw malformed("subjectAltName uniformResourceIdentifier", at, problem);
  return text;
}

function readIpAddress(list: DerReader): string {
  const at = list.offset;
  const text = ipAddressText(list.contents(names.ip, "subjectAltName iPAddress"));
  if (text === undefined) throw malformed("subjectAltName iPAddress", at, "must be 4 or 16 octets");
  return text;
}
