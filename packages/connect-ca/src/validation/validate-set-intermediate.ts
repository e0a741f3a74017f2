import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  parseCertificate,
  parseCertificates,
  parsePem,
  spkiOf,
  verifyChain,
} from "@drawbar/x509";
import { formatSpiffeId, type SigningId } from "../spiffe/spiffe-id.ts";
import { ValidationError } from "./validation-error.ts";

/** What `validateSetIntermediate` looks at. */
export interface SetIntermediate {
  /** The new intermediate: the first block counts, others may follow. */
  readonly intermediatePem: string;
  /** Certificates of which each is an anchor, self-signed or not. */
  readonly rootPem: string;
  /** The identity of our CA, which must be the intermediate's only URI. */
  readonly id: SigningId;
  /** The time at which the intermediate must be valid. */
  readonly at: Date;
  /** Our private key, where we hold it: the intermediate must be for it. */
  readonly key?: KeyObject;
}

/**
 * Checks an intermediate before a secondary makes it its own, for every provider alike: it can be read,
 * is a CA, has our identity as its only URI, is signed by one of the roots, and is for our key.
 *
 * @throws ValidationError `ca-intermediate-invalid`
 */
export function validateSetIntermediate(options: SetIntermediate): Certificate {
  const intermediate = readFirst(options.intermediatePem);
  if (!intermediate.isCa) throw invalid("intermediate is not a CA certificate");
  checkUri(intermediate, formatSpiffeId(options.id));
  checkSigner(intermediate, options);
  const { key } = options;
  if (key !== undefined && Buffer.compare(spkiOf(key), intermediate.publicKeySpki) !== 0) {
    throw invalid("intermediate cert is for a different private key");
  }
  return intermediate;
}

function readFirst(pem: string): Certificate {
  try {
    const [block] = parsePem(pem);
    if (block?.label !== "CERTIFICATE") throw new Error("first PEM-block should be CERTIFICATE type");
    return parseCertificate(block.der);
  } catch (cause) {
    throw invalid(`error parsing intermediate PEM: ${(cause as Error).message}`, cause);
  }
}

function checkUri(intermediate: Certificate, expected: string): void {
  const { uris } = intermediate.subjectAltNames;
  if (uris.length === 0) {
    throw invalid(
      `incoming intermediate cert has unexpected number of URIs: 0; expected ${expected}, which the CA that signed it must take from the CSR or be told (Vault: uri_sans)`,
    );
  }
  if (uris.length > 1) {
    throw invalid(`incoming intermediate cert has unexpected number of URIs: ${uris.length}`);
  }
  if (uris[0] !== expected) {
    throw invalid(`incoming cert URI "${uris[0]}" does not match current URI: "${expected}"`);
  }
}

// serverAuth is what Go's Verify asks for when it is told no purpose.
function checkSigner(leaf: Certificate, { rootPem, at }: SetIntermediate): void {
  try {
    verifyChain({ leaf, anchors: parseCertificates(rootPem), at, extKeyUsage: ["serverAuth"] });
  } catch (cause) {
    throw invalid(`could not verify intermediate cert against root: ${(cause as Error).message}`, cause);
  }
}

function invalid(message: string, cause?: unknown): ValidationError {
  return new ValidationError("ca-intermediate-invalid", message, cause);
}
