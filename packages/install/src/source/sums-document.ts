/** A list of checksums (`SHA256SUMS`), and the signatures that come with it. Not yet verified. */
export interface SumsDocument {
  readonly origin: string;
  readonly text: Uint8Array;
  readonly signatures: readonly DetachedSignature[];
}

export interface DetachedSignature {
  readonly kind: SignatureKind;
  readonly origin: string;
  readonly bytes: Uint8Array;
}

/** `openpgp`: binary or armoured, as HashiCorp's `_SHA256SUMS.sig`; `minisign`: `.minisig`; `ed25519`: 64 raw bytes. */
export type SignatureKind = "openpgp" | "minisign" | "ed25519";
