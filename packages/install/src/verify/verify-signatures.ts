import { InstallError } from "../install-error.ts";
import type { DetachedSignature, SumsDocument } from "../source/sums-document.ts";
import { verifyEd25519 } from "./signature/ed25519.ts";
import { verifyMinisign } from "./signature/minisign.ts";
import type { TrustedKey } from "./trusted-key.ts";

/**
 * Holds a document's signatures against keys: one true signature by one of them is enough, so that keys can change
 * and documents can be signed by several.
 * @returns the key that signed
 * @throws InstallError `signature-missing`, `signature-wrong`, `signature-expired`, `signature-weak`, `key-unknown`,
 *   `key-expired` or `key-revoked`: of several faults the one that says most
 */
export async function verifySignatures(
  document: SumsDocument,
  keys: readonly TrustedKey[],
  now: Date,
): Promise<TrustedKey> {
  const faults: InstallError[] = [];
  for (const signature of document.signatures) {
    const fitting = keys.filter((key) => key.kind === signature.kind);
    try {
      return await verifySignature(document.text, signature, fitting, now);
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      faults.push(error);
    }
  }
  const [fault] = faults.sort((a, b) => severity(a) - severity(b));
  throw fault ?? missing(document, keys);
}

// Somebody who altered the document is worse than one whom we do not know.
const byWeight = ["signature-wrong", "key-revoked", "signature-weak", "key-expired", "signature-expired"];

function severity(error: InstallError): number {
  const index = byWeight.indexOf(error.code);
  return index < 0 ? byWeight.length : index;
}

/** One signature. `keys` are those of its kind. */
async function verifySignature(
  text: Uint8Array,
  signature: DetachedSignature,
  keys: readonly TrustedKey[],
  now: Date,
): Promise<TrustedKey> {
  switch (signature.kind) {
    case "minisign":
      return verifyMinisign(text, signature, keys);
    case "ed25519":
      return verifyEd25519(text, signature, keys);
    case "openpgp": {
      // Loaded where there is such a signature: it is larger than all of drawbar.
      const { verifyOpenPgp } = await import("./signature/openpgp.ts");
      return verifyOpenPgp(text, signature, keys, now);
    }
  }
}

function missing(document: SumsDocument, keys: readonly TrustedKey[]): InstallError {
  const kinds = [...new Set(keys.map((key) => key.kind))].join(" or ");
  return new InstallError(
    "signature-missing",
    `${document.origin} is not signed: a ${kinds} signature was expected, by the key ${keys.map((key) => key.id).join(" or ")}`,
    { facts: { origin: document.origin } },
  );
}
