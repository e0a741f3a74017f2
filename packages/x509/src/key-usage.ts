/** Bits of keyUsage by name (RFC 5280 4.2.1.3). */
export const keyUsageBits = {
  digitalSignature: 0,
  contentCommitment: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  certSign: 5,
  crlSign: 6,
  encipherOnly: 7,
  decipherOnly: 8,
} as const;

/** What a certificate's key may be used for. */
export type KeyUsage = keyof typeof keyUsageBits;
