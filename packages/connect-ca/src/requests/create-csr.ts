import type { KeyObject } from "node:crypto";
import { type CertificateRequest, createCertificateRequest } from "@drawbar/x509";

/** Whom a request is for. */
export interface CsrSubject {
  /** The identity: the certificate's only URI. */
  readonly uri: string;
  /** Host names; a port behind one is dropped, and so are repetitions. */
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** A request for a leaf, as Consul makes them: identity and names, and no subject. */
export async function createCsr(key: KeyObject, subject: CsrSubject): Promise<CertificateRequest> {
  return await createCertificateRequest({ key, ...options(key, subject) });
}

/**
 * A request for a CA's certificate, as Consul makes them: it asks to be a CA. That wish is not needed, and
 * newer Vaults refuse to look at requests that have it, but historic hosts may.
 */
export async function createCaCsr(key: KeyObject, subject: CsrSubject): Promise<CertificateRequest> {
  return await createCertificateRequest({
    key,
    basicConstraints: { ca: true },
    ...options(key, subject),
  });
}

function options(
  key: KeyObject,
  { uri, dnsNames = [], ipAddresses = [] }: CsrSubject,
): Pick<Parameters<typeof createCertificateRequest>[0], "subjectAltNames" | "signatureAlgorithm"> {
  const names = dnsNames.map((name) => name.replace(/:.*$/, "")).filter((name) => name !== "");
  return {
    subjectAltNames: { uris: [uri], dnsNames: [...new Set(names)], ipAddresses },
    signatureAlgorithm: signatureOfMesh(key),
  };
}

/** What mesh certificates and requests are signed with: SHA-256 with whatever key, on larger curves too. */
export function signatureOfMesh(key: KeyObject): "rsa-sha256" | "ecdsa-sha256" {
  return key.asymmetricKeyType === "rsa" ? "rsa-sha256" : "ecdsa-sha256";
}
