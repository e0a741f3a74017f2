/** A list of checksums (`SHA256SUMS`), and the signatures that come with it. Not yet verified. */
export interface SumsDocument {
  readonly origin: string;
  readonly text: Uint8Array;
  readonly signatures: readonly DetachedSignature[];
  /**
   * OpenPGP keys, armoured, that the source itself names as its own, as Terraform's registries do. A signature by one of
   * them proves no more than the source's word: whether that is enough is for the host to say.
   */
  readonly offeredKeys?: readonly string[];
}

export interface DetachedSignature {
  readonly kind: SignatureKind;
  readonly origin: string;
  readonly bytes: Uint8Array;
}

/** `openpgp`: binary or armoured, as HashiCorp's `_SHA256SUMS.sig`; `minisign`: `.minisig`; `ed25519`: 64 raw bytes. */
export type SignatureKind = "openpgp" | "minisign" | "ed25519";
