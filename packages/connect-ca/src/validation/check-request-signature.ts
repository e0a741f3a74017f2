import type { CertificateRequest } from "@drawbar/x509";
import { ValidationError } from "./validation-error.ts";

/**
 * Whoever asks must hold the key: a request with a wrong signature may be for somebody else's. It is looked at
 * in node's thread pool, so that a process that signs uses a second core.
 *
 * @throws ValidationError `ca-request-invalid`
 */
export async function checkRequestSignature(csr: CertificateRequest): Promise<void> {
  try {
    await csr.checkSignatureAsync();
  } catch (cause) {
    const message = `CSR is not signed by its key: ${(cause as Error).message}`;
    throw new ValidationError("ca-request-invalid", message, cause);
  }
}
