import assert from "node:assert/strict";
import { test } from "node:test";
import { caCommonName } from "./ca-common-name.ts";
import { compactUid } from "./compact-uid.ts";

test("a CA's name tells its role, its provider and its cluster", () => {
  const cluster = "07933a13-9c3b-4f27-9f0d-2d5d1d1f6f6b";
  assert.equal(caCommonName("consul", "1cj8zamm", cluster, true), "pri-1cj8zamm.consul.ca.07933a13.consul");
  assert.equal(caCommonName("vault", "1cj8zamm", cluster, false), "sec-1cj8zamm.vault.ca.07933a13.consul");
});

test("what a host name cannot hold is dropped, and the name stays within 64 characters", () => {
  assert.equal(
    caCommonName("AWS-PCA", "-1Cj8zam", "c".repeat(8), true),
    "pri-1cj8zam.awspca.ca.cccccccc.consul",
  );
  assert.ok(caCommonName("x".repeat(100), "u".repeat(8), "c".repeat(36), true).length <= 64);
});

test("a compact id is eight random bytes read as a signed little-endian number in base 36", () => {
  const one = (): Uint8Array => Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]);
  const minusOne = (): Uint8Array => new Uint8Array(8).fill(0xff);
  assert.equal(compactUid(one), "1");
  assert.equal(compactUid(minusOne), "-1");
  assert.match(compactUid(), /^-?[0-9a-z]{1,8}$/);
  assert.ok(compactUid().length <= 8);
});
