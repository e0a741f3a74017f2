import type { SignatureKind } from "../source/sums-document.ts";

/** A public key that a host pins: signatures by others do not count. */
export interface TrustedKey {
  readonly kind: SignatureKind;
  /** What messages and lock files call it: a fingerprint or key id. */
  readonly id: string;
  /** The key itself: binary OpenPGP packets, minisign's 42 bytes, or 32 bytes of Ed25519. */
  readonly bytes: Uint8Array;
}
