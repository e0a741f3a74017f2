import type { SignatureKind } from "../source/sums-document.ts";

/** A secret key that is ready to sign. */
export interface SigningKey {
  readonly kind: SignatureKind;
  /** What verifiers call it: the same as the `id` of its `TrustedKey`. */
  readonly id: string;
  /**
   * Signs a file's bytes.
   * @param fileName what the file is called: minisign has it in its trusted comment
   * @returns the bytes of the signature's own file
   */
  sign(bytes: Uint8Array, fileName: string, now: Date): Promise<Uint8Array>;
}

/** What stands behind the name of a signed file, for its signature. */
export const signatureSuffix: Readonly<Record<SignatureKind, string>> = {
  openpgp: ".sig",
  minisign: ".minisig",
  ed25519: ".ed25519",
};
