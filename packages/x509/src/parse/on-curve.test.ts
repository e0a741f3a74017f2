import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { isOnCurve } from "./on-curve.ts";

const curves = [
  { curve: "P-224", name: "secp224r1", octets: 28 },
  { curve: "P-256", name: "prime256v1", octets: 32 },
  { curve: "P-384", name: "secp384r1", octets: 48 },
  { curve: "P-521", name: "secp521r1", octets: 66 },
] as const;

function opensslTakes(spki: Uint8Array): boolean {
  try {
    createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    return true;
  } catch {
    return false;
  }
}

for (const { curve, name, octets } of curves) {
  test(`points of ${curve} are on it, changed ones are not, and OpenSSL says the same`, () => {
    for (let round = 0; round < 20; round++) {
      const spki = generateKeyPairSync("ec", { namedCurve: name }).publicKey.export({
        type: "spki",
        format: "der",
      });
      assert.equal(isOnCurve(curve, spki.subarray(-2 * octets)), true);
      const changed = Uint8Array.from(spki);
      const at = changed.length - 1 - ((round * 7) % (2 * octets));
      changed[at] = (changed[at] ?? 0) ^ (1 << (round % 8));
      assert.equal(opensslTakes(changed), isOnCurve(curve, changed.subarray(-2 * octets)));
      assert.equal(isOnCurve(curve, changed.subarray(-2 * octets)), false);
    }
  });

  test(`coordinates of ${curve} are below its prime: zero, all ones and the prime itself are no point`, () => {
    assert.equal(isOnCurve(curve, new Uint8Array(2 * octets)), false);
    assert.equal(isOnCurve(curve, new Uint8Array(2 * octets).fill(0xff)), false);
  });
}
