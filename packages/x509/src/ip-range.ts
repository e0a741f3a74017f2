import { ipAddressOctets } from "./ip-address.ts";

/** Addresses that begin with the same bits. */
export interface IpRange {
  readonly octets: Uint8Array;
  readonly bits: number;
}

/** The range that `10.0.0.0/8` or `2001:db8::/32` stands for; undefined if it is none. */
export function parseIpRange(text: string): IpRange | undefined {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const octets = ipAddressOctets(address);
  return octets === undefined || Number(bits) > octets.length * 8
    ? undefined
    : { octets, bits: Number(bits) };
}

/** Whether an address of the same family begins with the range's bits. */
export function isInRange(address: Uint8Array, { octets, bits }: IpRange): boolean {
  if (address.length !== octets.length) return false;
  return address.every((octet, index) => {
    const wanted = Math.max(0, Math.min(8, bits - index * 8));
    return ((octet ^ (octets[index] ?? 0)) & (0xff00 >> wanted) & 0xff) === 0;
  });
}

/** The mask of a range: as many ones as it has bits, and zeros. */
export function maskOf({ octets, bits }: IpRange): Uint8Array {
  return octets.map((_, index) => (0xff00 >> Math.max(0, Math.min(8, bits - index * 8))) & 0xff);
}
