import { X509Error } from "./error.ts";
import { checkLimit, withDefaults, type X509Limits } from "./limits.ts";

export { encodePem } from "./encode/pem.ts";

/** One block of a PEM text. */
export interface PemBlock {
  /** What stands after BEGIN, such as `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Where its BEGIN line starts, in characters. */
  readonly offset: number;
}

/**
 * All blocks of a PEM text (RFC 7468), at least one.
 *
 * Text outside of blocks is passed over, as `openssl x509 -text` writes it. Inside, only base64 in its
 * canonical form is taken, in lines of any length: a damaged block is an error, never skipped, so that
 * a bundle does not silently lose an anchor. Headers (RFC 1421, encrypted keys) are refused.
 */
export function parsePem(text: string, limits?: Partial<X509Limits>): readonly PemBlock[] {
  const { pemBytes, pemBlocks, derBytes } = withDefaults(limits);
  checkLimit("PEM: characters", text.length, pemBytes);
  const blocks: PemBlock[] = [];
  let open: { label: string; offset: number; base64: string } | undefined;
  let offset = 0;
  for (const line of text.split("\n")) {
    const content = line.trimEnd();
    const boundary = /^-----(BEGIN|END) (.*)-----$/.exec(content);
    if (boundary === null && /^\s*-----/.test(content)) throw malformedPem(offset, "malformed boundary line");
    if (open === undefined) {
      if (boundary?.[1] === "END") throw malformedPem(offset, "END without BEGIN");
      if (boundary !== null) open = { label: boundary[2] ?? "", offset, base64: "" };
    } else if (boundary === null) {
      open.base64 += content;
    } else {
      if (boundary[1] !== "END" || boundary[2] !== open.label) {
        throw malformedPem(offset, `expected END ${open.label}, found ${boundary[1]} ${boundary[2]}`);
      }
      checkLimit("PEM: blocks", blocks.length + 1, pemBlocks);
      blocks.push({
        label: open.label,
        offset: open.offset,
        der: decode(open.base64, open.offset, derBytes),
      });
      open = undefined;
    }
    offset += line.length + 1;
  }
  if (open !== undefined) throw malformedPem(open.offset, `BEGIN ${open.label} without END`);
  if (blocks.length === 0) throw malformedPem(0, "no PEM-encoded data found");
  return blocks;
}

/** The DER of the single block of a PEM text, which must have one of these labels. */
export function singlePemBlock(
  text: string,
  labels: readonly string[],
  limits?: Partial<X509Limits>,
): PemBlock {
  const [block, second] = parsePem(text, limits);
  if (block === undefined || !labels.includes(block.label)) throw wrongLabel(block, labels);
  if (second !== undefined) throw malformedPem(second.offset, "expected one PEM block, found another");
  return block;
}

/** The error for a block of another label than expected. */
export function wrongLabel(block: PemBlock | undefined, labels: readonly string[]): X509Error {
  const expected = labels.join(" or ");
  return malformedPem(block?.offset ?? 0, `PEM block is ${block?.label ?? "missing"}, expected ${expected}`);
}

function decode(base64: string, offset: number, mostBytes: number): Uint8Array {
  if (base64.includes(":"))
    throw malformedPem(offset, "headers (encrypted or annotated PEM) are not supported");
  checkLimit("PEM: bytes of a block", Math.floor((base64.length * 3) / 4), mostBytes);
  const der = Buffer.from(base64, "base64");
  // node's decoder skips what it does not know, so only text that it would itself write is taken.
  if (der.length === 0 || der.toString("base64") !== base64) throw malformedPem(offset, "malformed base64");
  return Uint8Array.from(der);
}

function malformedPem(offset: number, problem: string): X509Error {
  return new X509Error("malformed_pem", `${problem} (at character ${offset})`, { facts: { offset } });
}
