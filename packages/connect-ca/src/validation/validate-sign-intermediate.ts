import type { CertificateRequest } from "@drawbar/x509";
import { canSign } from "../spiffe/can-sign.ts";
import { parseSpiffeId } from "../spiffe/parse-spiffe-id.ts";
import { formatSpiffeId, type SigningId, type SpiffeId } from "../spiffe/spiffe-id.ts";
import { checkRequestSignature } from "./check-request-signature.ts";
import { ValidationError } from "./validation-error.ts";

/**
 * Checks a secondary's request before a primary signs it, for every provider alike: it is signed by its key
 * (upstream does not look), and it has no URI (some CAs cannot put one into a request), or one that this CA
 * may certify. Whether it asks for a CA is not looked at: the certificate is one whatever it asks.
 *
 * @throws ValidationError `ca-request-invalid`
 */
export async function validateSignIntermediate(request: CertificateRequest, id: SigningId): Promise<void> {
  await checkRequestSignature(request);
  const { uris } = request.subjectAltNames;
  if (uris.length > 1) {
    throw invalid(`incoming CSR has unexpected number of URIs: ${uris.length}`);
  }
  const [uri] = uris;
  if (uri !== undefined && !canSign(id, readId(uri))) {
    throw invalid(`incoming CSR domain "${uri}" is not valid for our domain "${formatSpiffeId(id)}"`);
  }
}

function readId(uri: string): SpiffeId {
  try {
    return parseSpiffeId(uri);
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
}

function invalid(message: string, cause?: unknown): ValidationError {
  return new ValidationError("ca-request-invalid", message, cause);
}
