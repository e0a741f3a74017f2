import { InstallError, type InstallErrorCode } from "../../install-error.ts";
import type { DetachedSignature } from "../../source/sums-document.ts";
import type { TrustedKey } from "../trusted-key.ts";

/** A signature that does not count, in a sentence. */
export function signatureFault(
  code: InstallErrorCode,
  signature: DetachedSignature,
  why: string,
  cause?: unknown,
): InstallError {
  return new InstallError(code, `the ${signature.kind} signature ${signature.origin} ${why}`, {
    cause,
    facts: { origin: signature.origin, kind: signature.kind },
  });
}

/** Signed by a key that the host has not pinned. */
export function unknownKey(
  signature: DetachedSignature,
  id: string,
  keys: readonly TrustedKey[],
): InstallError {
  const trusted =
    keys.length === 0
      ? "no key of this kind is trusted"
      : `trusted are ${keys.map((key) => key.id).join(", ")}`;
  return signatureFault(
    "key-unknown",
    signature,
    `was made by the key ${id}, which is not trusted (${trusted}); if it is the publisher's new key, pin it too`,
  );
}
