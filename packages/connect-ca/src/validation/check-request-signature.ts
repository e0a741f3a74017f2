import type { CertificateRequest } from "@drawbar/x509";
import { ValidationError } from "./validation-error.ts";

/**
 * Whoever asks must hold the key: a request with a wrong signature may be for somebody else's.
 *
 * @throws ValidationError `ca-request-invalid`
 */
export function checkRequestSignature(csr: CertificateRequest): void {
  try {
    csr.checkSignature();
  } catch (cause) {
    const message = `CSR is not signed by its key: ${(cause as Error).message}`;
    throw new ValidationError("ca-request-invalid", message, cause);
  }
}
