import type { KeyObject } from "node:crypto";
import { toBytes } from "./der/writer.ts";
import type {
  BasicConstraints,
  EncodedAltNames,
  EncodedExtension,
  Extension,
  ExtKeyUsage,
} from "./encode/extensions.ts";
import {
  basicConstraintsExtension,
  encodeExtension,
  extKeyUsageExtension,
  keyUsageExtension,
  subjectAltNameExtension,
} from "./encode/extensions.ts";
import { emptyName, encodeName, type NameAttributes } from "./encode/name.ts";
import { X509Error } from "./error.ts";
import { ipAddressOctets } from "./ip-address.ts";
import type { KeyUsage } from "./key-usage.ts";
import { keyUsageBits } from "./key-usage.ts";
import { keyKind } from "./keys.ts";
import { Name } from "./name.ts";
import { extKeyUsageOids } from "./oids.ts";
import { isVisibleAscii, type SubjectAltNames } from "./parse/alt-names.ts";
import { uriProblem } from "./parse/uri.ts";
import {
  type SignatureAlgorithm,
  type SignatureAlgorithmDetails,
  signatureAlgorithms,
} from "./signature-algorithm.ts";

/** What a certificate and a request for one have in common. */
export interface SubjectOptions {
  /** Default: no subject at all; then the alternative names are critical. */
  readonly subject?: Name | NameAttributes | undefined;
  readonly subjectAltNames?: Partial<SubjectAltNames> | undefined;
  /** Critical. A path length is for CAs only. */
  readonly basicConstraints?: BasicConstraints | undefined;
  /** Critical. */
  readonly keyUsage?: readonly KeyUsage[] | undefined;
  readonly extKeyUsage?: readonly ExtKeyUsage[] | undefined;
  /** Raw extensions, written last; one of a kind that an option also makes takes its place. */
  readonly extraExtensions?: readonly Extension[] | undefined;
  /** Default: by the signing key, see `defaultSignatureAlgorithm`. */
  readonly signatureAlgorithm?: SignatureAlgorithm | undefined;
}

/** The subject in DER. */
export function subjectBytes(subject: Name | NameAttributes | undefined): Uint8Array {
  if (subject === undefined) return emptyName;
  if (subject instanceof Name) return subject.raw;
  for (const [attribute, value] of Object.entries(subject)) {
    for (const text of typeof value === "string" ? [value] : (value ?? [])) {
      if (/\p{Surrogate}/u.test(text)) throw invalid(`subject.${attribute} is not well-formed Unicode`);
    }
  }
  return encodeName(subject);
}

/**
 * keyUsage, extKeyUsage, basicConstraints: in the order in which Go writes them. An authority makes the
 * same few combinations over and over, so they are kept encoded.
 */
export function usageExtensions({
  keyUsage,
  extKeyUsage,
  basicConstraints,
}: SubjectOptions): EncodedExtension[] {
  const key = `${keyUsage}|${extKeyUsage}|${basicConstraints?.ca}|${basicConstraints?.pathLength}`;
  let extensions = usageCache.get(key);
  if (extensions === undefined) {
    extensions = encodeUsages(keyUsage ?? [], extKeyUsage ?? [], basicConstraints);
    if (usageCache.size < 64) usageCache.set(key, extensions);
  }
  return [...extensions];
}

const usageCache = new Map<string, readonly EncodedExtension[]>();

function encodeUsages(
  keyUsage: readonly KeyUsage[],
  extKeyUsage: readonly ExtKeyUsage[],
  basicConstraints: BasicConstraints | undefined,
): readonly EncodedExtension[] {
  const extensions: EncodedExtension[] = [];
  for (const usage of keyUsage) {
    if (!Object.hasOwn(keyUsageBits, usage)) throw invalid(`unknown key usage ${usage}`);
  }
  if (keyUsage.length > 0) extensions.push(keyUsageExtension(keyUsage));
  for (const usage of extKeyUsage) {
    if (!Object.hasOwn(extKeyUsageOids, usage)) checkIdentifier(usage);
  }
  if (extKeyUsage.length > 0) extensions.push(extKeyUsageExtension(extKeyUsage));
  if (basicConstraints !== undefined) {
    checkPathLength(basicConstraints);
    extensions.push(basicConstraintsExtension(basicConstraints));
  }
  return extensions.map(({ oid, der }) => ({ oid, der: toBytes(der) }));
}

/** subjectAltName; undefined if there are no names. */
export function altNameExtension(
  names: Partial<SubjectAltNames> | undefined,
  subject: Uint8Array,
): EncodedExtension | undefined {
  if (names === undefined) return undefined;
  const { dnsNames = [], emails = [], uris = [], ipAddresses = [] } = names;
  for (const name of dnsNames)
    if (!isVisibleAscii(name)) throw invalid(`DNS name must be visible ASCII: ${name}`);
  for (const email of emails)
    if (!isVisibleAscii(email)) throw invalid(`email must be visible ASCII: ${email}`);
  for (const uri of uris) {
    const problem = uriProblem(uri);
    if (problem !== undefined) throw invalid(`${problem}: ${uri}`);
  }
  if (dnsNames.length + emails.length + uris.length + ipAddresses.length === 0) return undefined;
  const encoded: EncodedAltNames = { dnsNames, emails, uris, ipAddresses: ipAddresses.map(addressOctets) };
  return subjectAltNameExtension(encoded, subject.length === emptyName.length);
}

/** `computed` without what `extra` replaces, followed by `extra`. */
export function mergeExtensions(
  computed: readonly EncodedExtension[],
  extra: readonly Extension[] | undefined,
): readonly EncodedExtension[] {
  if (extra === undefined || extra.length === 0) return computed;
  const replaced = new Set<string>();
  for (const { oid } of extra) {
    checkIdentifier(oid);
    if (replaced.has(oid)) throw invalid(`extension ${oid} is given twice`);
    replaced.add(oid);
  }
  return [...computed.filter(({ oid }) => !replaced.has(oid)), ...extra.map(encodeExtension)];
}

/**
 * The algorithm to sign with: the one asked for if it fits the key, else SHA-256 for RSA, P-224 and
 * P-256, SHA-384 for P-384, SHA-512 for P-521.
 */
export function signingDetails(
  key: KeyObject,
  requested: SignatureAlgorithm | undefined,
): SignatureAlgorithmDetails {
  if (key.type !== "private") throw invalid("the signing key must be a private key");
  const name = requested ?? defaultSignatureAlgorithm(key);
  const details = Object.hasOwn(signatureAlgorithms, name) ? signatureAlgorithms[name] : undefined;
  if (details === undefined) throw invalid(`unknown signature algorithm ${name}`);
  if (details.keyType !== key.asymmetricKeyType) {
    throw invalid(`${name} needs a key of type ${details.keyType}, not ${key.asymmetricKeyType}`);
  }
  return details;
}

/** What a key signs with unless told otherwise. */
export function defaultSignatureAlgorithm(key: KeyObject): SignatureAlgorithm {
  const kind = keyKind(key);
  if (kind.type !== "ec") return kind.type === "rsa" ? "rsa-sha256" : "ed25519";
  if (kind.curve === "P-384") return "ecdsa-sha384";
  return kind.curve === "P-521" ? "ecdsa-sha512" : "ecdsa-sha256";
}

/** An X509Error for an option that cannot be. */
export function invalid(problem: string): X509Error {
  return new X509Error("invalid_option", problem);
}

function addressOctets(text: string): Uint8Array {
  const octets = ipAddressOctets(text);
  if (octets === undefined) throw invalid(`not an IP address: ${text}`);
  return octets;
}

function checkPathLength({ ca, pathLength }: BasicConstraints): void {
  if (pathLength === undefined) return;
  if (!ca) throw invalid("only a CA may have a path length");
  if (!Number.isInteger(pathLength) || pathLength < 0 || pathLength > 0x7fffffff) {
    throw invalid(`path length must be a whole number from 0 to 2^31-1, not ${pathLength}`);
  }
}

function checkIdentifier(dotted: string): void {
  const [first = 3, second = 40, ...rest] = dotted.split(".").map(Number);
  const fits = first < 2 ? second < 40 : first === 2 && second + 80 <= 0x7fffffff;
  if (!/^\d+(\.\d+)+$/.test(dotted) || !fits || rest.some((number) => number > 0x7fffffff)) {
    throw invalid(`not an object identifier: ${dotted}`);
  }
}
