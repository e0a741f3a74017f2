import { type CertificateRequest, parseCertificateRequest } from "@drawbar/x509";
import { checkRequestSignature } from "../validation/check-request-signature.ts";
import { ValidationError } from "../validation/validation-error.ts";

/** What a host sent, parsed. Throws `ca-request-invalid` if it cannot be. */
export function parsedInput<T>(der: Uint8Array, parse: (der: Uint8Array) => T): T {
  try {
    return parse(der);
  } catch (cause) {
    throw new ValidationError("ca-request-invalid", (cause as Error).message, cause);
  }
}

/**
 * A request that a host sent, parsed and signed by its key: the process with the CA's key does not rely on
 * its host to have looked, as hosts of Consul 1.6 leave that to theirs. Throws `ca-request-invalid`.
 */
export async function signedRequest(csrDer: Uint8Array): Promise<CertificateRequest> {
  const csr = parsedInput(csrDer, parseCertificateRequest);
  await checkRequestSignature(csr);
  return csr;
}
