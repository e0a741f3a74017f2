import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  type CertificateOptions,
  createCertificate,
  createCertificateSync,
  keyKind,
  parsePrivateKey,
} from "@drawbar/x509";
import { notInitialized, ProviderError } from "../../provider/provider-error.ts";
import { firstCertificate } from "./ca-key.ts";
import type { StateRow } from "./state-row.ts";

/** A CA that can sign. */
export interface Signer {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  /** When the certificate ends, in milliseconds since 1970. */
  readonly notAfterMs: number;
}

/** The CA in a row: in a primary its root, in a secondary its intermediate. */
export function signerOf(row: StateRow, isPrimary: boolean): Signer {
  if (row.privateKey === "") throw notInitialized();
  const key = parsePrivateKey(row.privateKey);
  const pem = isPrimary ? row.rootCert : row.intermediateCert;
  const certificate = parseCa(pem);
  return { certificate, key, notAfterMs: certificate.notAfter.getTime() };
}

/**
 * Signs a certificate. P-256 is faster in this thread than it is handed to another, also when many are asked
 * for at once; what is slower keeps the thread free.
 */
export async function issue(options: CertificateOptions): Promise<Certificate> {
  const kind = keyKind(options.issuer.key);
  const isFast = kind.type === "ec" && kind.curve === "P-256";
  return isFast ? createCertificateSync(options) : await createCertificate(options);
}

function parseCa(pem: string): Certificate {
  try {
    return firstCertificate(pem);
  } catch (cause) {
    const message = `error parsing CA cert: ${(cause as Error).message}`;
    throw new ProviderError("ca-not-initialized", message, { cause });
  }
}
