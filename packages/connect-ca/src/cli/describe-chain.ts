import type { Certificate } from "@drawbar/x509";
import { colonHex } from "../names/colon-hex.ts";
import type { ChainNode } from "./chain-tree.ts";

/** Chains as a tree for people: who, what for, how long still. Ends in a newline. */
export function describeChains(roots: readonly ChainNode[], now: Date): string {
  return roots
    .map((root) => describeNode(root, now, "", "").join("\n"))
    .join("\n\n")
    .concat("\n");
}

function describeNode(node: ChainNode, now: Date, first: string, rest: string): string[] {
  const [title = "", ...details] = describe(node.certificate, now);
  const bar = node.signed.length > 0 ? "│ " : "  ";
  const lines = [first + title, ...details.map((line) => `${rest}${bar}${line}`)];
  for (const [index, child] of node.signed.entries()) {
    const isLast = index === node.signed.length - 1;
    lines.push(
      ...describeNode(child, now, `${rest}${isLast ? "└─ " : "├─ "}`, `${rest}${isLast ? "   " : "│  "}`),
    );
  }
  return lines;
}

function describe(certificate: Certificate, now: Date): string[] {
  const { uris, dnsNames, ipAddresses, emails } = certificate.subjectAltNames;
  const [title = "(no name)", ...others] = [
    ...(certificate.subject.commonName === undefined ? [] : [certificate.subject.commonName]),
    ...uris,
    ...dnsNames,
    ...ipAddresses,
    ...emails,
  ].map(printable);
  return [title, ...others, kindOf(certificate), validityOf(certificate, now), idsOf(certificate)];
}

function kindOf(certificate: Certificate): string {
  const { isCa, pathLength, publicKeyKind: key, serialNumber } = certificate;
  const ca =
    pathLength === undefined
      ? "CA"
      : `CA for ${pathLength === 0 ? "leafs only" : `${pathLength} more CAs below`}`;
  const role = isCa ? `${certificate.isSelfIssued ? "root " : ""}${ca}` : "leaf";
  const size = key.type === "ec" ? `EC ${key.curve}` : key.type === "rsa" ? `RSA ${key.bits}` : "Ed25519";
  return `${role}, ${size}, serial ${serialNumber}`;
}

function validityOf({ notBefore, notAfter }: Certificate, now: Date): string {
  const span = `${iso(notBefore)} to ${iso(notAfter)}`;
  if (now < notBefore) return `NOT YET VALID: ${span}`;
  if (now >= notAfter) return `EXPIRED: ${span}`;
  return `valid ${span}, ${timeLeft(notAfter.getTime() - now.getTime())} left`;
}

function idsOf({ subjectKeyId, authorityKeyId }: Certificate): string {
  const short = (id: Uint8Array | undefined): string =>
    id === undefined ? "none" : `${colonHex(id.subarray(0, 4))}…`;
  return `key ${short(subjectKeyId)} signed by ${short(authorityKeyId)}`;
}

function timeLeft(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours > 0 ? `${hours} h` : `${Math.ceil(ms / 60_000)} min`;
}

function iso(date: Date): string {
  return date.toISOString().replace(".000Z", "Z");
}

/** Names come from outside: nothing in them may move the cursor. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
