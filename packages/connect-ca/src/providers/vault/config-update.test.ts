import assert from "node:assert/strict";
import { test } from "node:test";
import { validateVaultUpdate } from "./config-update.ts";

const base = { Token: "t", RootPKIPath: "root", IntermediatePKIPath: "int" };
const rsa = { PrivateKeyType: "rsa", PrivateKeyBits: 4096 };
const validate = (previous: object, next: object): void =>
  validateVaultUpdate({ ...base, ...previous }, { ...base, ...next }, true);
const refused = (message: string): object => ({ code: "ca-config-invalid", message });

test("TestVaultCAProvider_ValidateConfigUpdate: the kind of key may change only with the root's path", () => {
  validate({}, {});
  validate(rsa, { ...rsa, LeafCertTTL: "100h" });
  validate(rsa, { RootPKIPath: "other" });
  // A root of the default kind may have been brought by the operator and be of any kind.
  validate({}, rsa);
  assert.throws(
    () => validate(rsa, {}),
    refused("cannot update the PrivateKeyType field without changing RootPKIPath"),
  );
  assert.throws(
    () => validate({ PrivateKeyBits: 384 }, {}),
    refused("cannot update the PrivateKeyBits field without changing RootPKIPath"),
  );
});

test("a configuration that cannot be read is told apart: the existing or the new one", () => {
  assert.throws(
    () => validate({ PrivateKeyType: "x" }, {}),
    refused("failed to parse existing CA config: private key type must be either 'ec' or 'rsa'"),
  );
  assert.throws(
    () => validate({}, { PrivateKeyType: "x" }),
    refused("failed to parse new CA config: private key type must be either 'ec' or 'rsa'"),
  );
});
