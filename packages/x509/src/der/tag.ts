/** Identifier octets of X.690 that certificates use; all in low-tag-number form. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
} as const;

/** Identifier of `[number]` with primitive contents. */
export function contextTag(number: number): number {
  return 0x80 | number;
}

/** Identifier of `[number]` with constructed contents. */
export function contextConstructedTag(number: number): number {
  return 0xa0 | number;
}
