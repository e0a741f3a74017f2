import type { Curve } from "./curve.ts";

/** y^2 = x^3 - 3x + b modulo p (SEC 2). Every point on these curves but infinity is a public key. */
interface Equation {
  readonly p: bigint;
  readonly b: bigint;
}

const equations: Readonly<Record<Curve, Equation>> = {
  "P-224": {
    p: 2n ** 224n - 2n ** 96n + 1n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
  },
  "P-256": {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  "P-384": {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  "P-521": {
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/**
 * Whether two coordinates, one after the other, are a point of the curve. Costs microseconds where the
 * import of the key into OpenSSL, which would tell as well, costs hundreds. The values are public: nothing
 * here needs to take constant time.
 */
export function isOnCurve(curve: Curve, coordinates: Uint8Array): boolean {
  const { p, b } = equations[curve];
  const hex = Buffer.from(coordinates.buffer, coordinates.byteOffset, coordinates.length).toString("hex");
  const x = BigInt(`0x${hex.slice(0, hex.length / 2)}`);
  const y = BigInt(`0x${hex.slice(hex.length / 2)}`);
  return x < p && y < p && (y * y - (x * x - 3n) * x - b) % p === 0n;
}
