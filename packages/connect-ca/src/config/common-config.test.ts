import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBuiltinConfig } from "./builtin-config.ts";
import { parseCommonConfig } from "./common-config.ts";
import { hour } from "./go-duration.ts";

const invalid = (message: string | RegExp): object => ({ code: "ca-config-invalid", message });

test("an empty configuration gives the defaults", () => {
  assert.deepEqual(parseBuiltinConfig({}), {
    leafCertTtl: 72n * hour,
    intermediateCertTtl: 8760n * hour,
    rootCertTtl: 87600n * hour,
    privateKeyType: "ec",
    privateKeyBits: 256,
    csrMaxPerSecond: 50,
    csrMaxConcurrent: 0,
    skipValidate: false,
    privateKey: "",
    rootCert: "",
    disableCrossSigning: false,
  });
});

test("each rule is refused in upstream's words, the first broken one first", () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { RootCertTTL: "1h", LeafCertTTL: "1m" },
      "root cert TTL is set and is not greater than intermediate cert ttl. root cert ttl: 1h0m0s, intermediate cert ttl: 8760h0m0s",
    ],
    [{ LeafCertTTL: "59m", PrivateKeyType: "dsa" }, "leaf cert TTL must be greater or equal than 1h0m0s"],
    [{ LeafCertTTL: "8761h" }, "leaf cert TTL must be less than 8760h0m0s"],
    [
      { LeafCertTTL: "1h", IntermediateCertTTL: "2h" },
      "Intermediate Cert TTL must be greater or equal than 3h",
    ],
    [
      { IntermediateCertTTL: "100h" },
      "Intermediate Cert TTL must be greater or equal than 3 * LeafCertTTL (>=216h0m0s).",
    ],
    [{ PrivateKeyType: "EC" }, "private key type must be either 'ec' or 'rsa'"],
    [{ PrivateKeyBits: 255 }, "EC key length must be one of (224, 256, 384, 521) bits"],
    [{ PrivateKeyType: "rsa" }, "RSA key length must be 2048 or 4096 bits"],
    [{ RootCert: "pem", LeafCertTTL: "1m" }, "must provide a private key when providing a root cert"],
  ];
  for (const [raw, message] of cases) assert.throws(() => parseBuiltinConfig(raw), invalid(message));
});

test("the bounds themselves are allowed", () => {
  parseBuiltinConfig({ LeafCertTTL: "1h", IntermediateCertTTL: "3h", RootCertTTL: "3h" });
  parseBuiltinConfig({ LeafCertTTL: "8760h", IntermediateCertTTL: "26280h" });
  for (const bits of [224, 256, 384, 521]) parseBuiltinConfig({ PrivateKeyBits: bits });
  for (const bits of [2048, 4096]) parseBuiltinConfig({ PrivateKeyType: "rsa", PrivateKeyBits: bits });
});

test("SkipValidate lets any lifetime through", () => {
  assert.equal(parseBuiltinConfig({ LeafCertTTL: "1ns", SkipValidate: true }).leafCertTtl, 1n);
});

test("TestStructs_CAConfiguration_MsgpackEncodeDecode: values of weak types are taken: numbers as text, nanoseconds, bytes, booleans as text", () => {
  const config = parseBuiltinConfig({
    PrivateKeyType: new TextEncoder().encode("rsa"),
    PrivateKeyBits: "2048",
    LeafCertTTL: 7_200_000_000_000,
    IntermediateCertTTL: [...new TextEncoder().encode("9h30m")],
    RootCertTTL: null,
    CSRMaxPerSecond: "0.5",
    CSRMaxConcurrent: 3.9,
    DisableCrossSigning: "true",
  });
  assert.equal(config.privateKeyType, "rsa");
  assert.equal(config.privateKeyBits, 2048);
  assert.equal(config.leafCertTtl, 2n * hour);
  assert.equal(config.intermediateCertTtl, (19n * hour) / 2n);
  assert.equal(config.rootCertTtl, 87600n * hour);
  assert.equal(config.csrMaxPerSecond, 0.5);
  assert.equal(config.csrMaxConcurrent, 3);
  assert.equal(config.disableCrossSigning, true);
});

test("TestStructs_CAConfiguration_MsgpackEncodeDecode: keys match in any case and as snake_case; the exact name wins; unknown keys are ignored", () => {
  const config = parseBuiltinConfig({
    leaf_cert_ttl: "2h",
    INTERMEDIATECERTTTL: "20h",
    rootcertttl: "30h",
    RootCertTTL: "40h",
    RotationPeriod: "90h",
  });
  assert.equal(config.leafCertTtl, 2n * hour);
  assert.equal(config.intermediateCertTtl, 20n * hour);
  assert.equal(config.rootCertTtl, 40n * hour);
});

test("all fields that cannot be decoded are told at once, by name and without their values", () => {
  const raw = { LeafCertTTL: "3 days", PrivateKeyBits: "many", RootCert: { secret: "s3cr3t" } };
  assert.throws(
    () => parseBuiltinConfig(raw),
    invalid(
      "error decoding config: 3 error(s) decoding:\n\n" +
        "* 'PrivateKeyBits' expected a whole number, got other text\n" +
        "* 'RootCert' expected text, got a map\n" +
        '* error decoding \'LeafCertTTL\': time: unknown unit " days" in duration "3 days"',
    ),
  );
});

test("a bare number in text is refused as a duration: it has no unit", () => {
  assert.throws(() => parseCommonConfig({ LeafCertTTL: "72" }), invalid(/missing unit in duration "72"/));
});

test("the common configuration has the defaults too and is not validated", () => {
  const config = parseCommonConfig({ IntermediateCertTTL: "1s" });
  assert.equal(config.leafCertTtl, 72n * hour);
  assert.equal(config.csrMaxPerSecond, 50);
  assert.equal(config.intermediateCertTtl, 1_000_000_000n);
});
