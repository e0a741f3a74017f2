import type { DerReader } from "../der/reader.ts";
import { contextConstructedTag, contextTag, tag } from "../der/tag.ts";
import { malformed } from "../error.ts";
import { ipAddressText } from "../ip-address.ts";

/** Names below a CA, by their kind. Lists are empty where a kind is not mentioned. */
export interface NameSubtrees {
  /** Domains with all below them; with a leading dot those below alone. */
  readonly dnsNames: readonly string[];
  /** Address ranges such as `10.0.0.0/8`. */
  readonly ipRanges: readonly string[];
  /** Mailboxes; or hosts, with a leading dot the domains below. */
  readonly emails: readonly string[];
  /** Hosts of URIs; with a leading dot the domains below. */
  readonly uris: readonly string[];
}

/** What a CA says of the names below it (RFC 5280 4.2.1.10). */
export interface NameConstraints {
  /** Of a kind that is mentioned here, only these are allowed. */
  readonly permitted: NameSubtrees;
  /** Never allowed. */
  readonly excluded: NameSubtrees;
  /** Whether it restricts kinds of names that this package does not evaluate, such as directory names. */
  readonly hasOthers: boolean;
}

type Found = { -readonly [Kind in keyof NameSubtrees]: string[] };

const what = "nameConstraints";

/** nameConstraints: at least one subtree; addresses with a mask of leading ones; other bases in ASCII. */
export function readNameConstraints(value: DerReader): NameConstraints {
  const at = value.offset;
  const fields = value.enter(tag.sequence, what);
  value.finish(what);
  const [permitted, excluded] = [newSubtrees(), newSubtrees()];
  let subtrees = 0;
  let others = 0;
  for (const [number, found] of [permitted, excluded].entries()) {
    const list = fields.enterOptional(contextConstructedTag(number), what);
    list?.forEach(what, () => {
      subtrees++;
      if (!readSubtree(list.enter(tag.sequence, what), found)) others++;
    });
  }
  fields.finish(what);
  if (subtrees === 0) throw malformed(what, at, "name constraints are empty");
  return { permitted, excluded, hasOthers: others > 0 };
}

function newSubtrees(): Found {
  return { dnsNames: [], ipRanges: [], emails: [], uris: [] };
}

/** False for a kind that is of no known one. */
function readSubtree(subtree: DerReader, found: Found): boolean {
  const at = subtree.offset;
  const base = subtree.nextTag ?? 0;
  const octets = subtree.contents(base, what);
  if (!subtree.atEnd) throw malformed(what, subtree.offset, "minimum and maximum are not allowed");
  if (base === contextTag(7)) {
    found.ipRanges.push(rangeText(octets, at));
    return true;
  }
  const list = listOf(base, found);
  if (list === undefined) return false;
  const text = Buffer.from(octets).toString("latin1");
  if (!isConstraintText(text)) throw malformed(what, at, "not a domain or mailbox");
  list.push(text);
  return true;
}

function listOf(base: number, found: Found): string[] | undefined {
  if (base === contextTag(1)) return found.emails;
  if (base === contextTag(2)) return found.dnsNames;
  return base === contextTag(6) ? found.uris : undefined;
}

function rangeText(octets: Uint8Array, at: number): string {
  const half = octets.length / 2;
  const bits = [...octets.subarray(half)].map((octet) => octet.toString(2).padStart(8, "0")).join("");
  if ((octets.length !== 8 && octets.length !== 32) || bits.includes("01")) {
    throw malformed(what, at, "not an address range");
  }
  return `${ipAddressText(octets.subarray(0, half))}/${bits.replace(/0*$/, "").length}`;
}

/** Whether a constraint may be written so. */
export function isConstraintText(text: string): boolean {
  return constraintText.test(text);
}

// A domain, perhaps with a leading dot (its subdomains), perhaps with a plain local part before it.
const constraintText =
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@)?\.?(?:[A-Za-z0-9_*-]+(?:\.[A-Za-z0-9_*-]+)*)?$/;
