import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVaultConfig } from "./vault-config.ts";

const paths = { RootPKIPath: "pki-root", IntermediatePKIPath: "pki-intermediate/" };
const invalid = (message: string | RegExp): object => ({ code: "ca-config-invalid", message });

test("TestVaultCAProvider_ParseVaultCAConfig: a token and two paths suffice; paths get their slash", () => {
  const config = parseVaultConfig({ Address: "http://127.0.0.1:8200", Token: "t", ...paths }, true);
  assert.deepEqual(config.access, { kind: "token", token: "t" });
  assert.equal(config.address, "http://127.0.0.1:8200");
  assert.equal(config.rootPkiPath, "pki-root/");
  assert.equal(config.intermediatePkiPath, "pki-intermediate/");
  assert.equal(config.namespace, "");
  assert.equal(config.tlsSkipVerify, false);
});

test("TestVaultCAProvider_ParseVaultCAConfig: exactly one of token and auth method is needed", () => {
  assert.throws(
    () => parseVaultConfig(paths, true),
    invalid("must provide a Vault token or configure a Vault auth method"),
  );
  assert.throws(
    () => parseVaultConfig({ Token: "t", AuthMethod: { Type: "approle" }, ...paths }, true),
    invalid("only one of Vault token or Vault auth method can be provided, but not both"),
  );
});

test("TestVaultCAProvider_ParseVaultCAConfig: a primary must name its root path, a secondary may leave it out; both need an intermediate path", () => {
  const raw = { Token: "t", IntermediatePKIPath: "int" };
  assert.throws(
    () => parseVaultConfig(raw, true),
    invalid("must provide a valid path to a root PKI backend"),
  );
  assert.equal(parseVaultConfig(raw, false).rootPkiPath, "");
  assert.throws(
    () => parseVaultConfig({ Token: "t" }, false),
    invalid("must provide a valid path for the intermediate PKI backend"),
  );
});

test("an auth method is read with its parameters as they stand, in CamelCase and in snake_case", () => {
  const params = { role_id: "r", Secret_Id: "s" };
  for (const raw of [
    { AuthMethod: { Type: "approle", MountPath: "mine", Params: params } },
    { auth_method: { type: "approle", mount_path: "mine", params } },
  ]) {
    assert.deepEqual(parseVaultConfig({ ...raw, ...paths }, true).access, {
      kind: "login",
      method: { type: "approle", mountPath: "mine", params },
    });
  }
});

test("common rules apply after Vault's own", () => {
  assert.throws(
    () => parseVaultConfig({ Token: "t", LeafCertTTL: "1m", ...paths }, true),
    invalid("leaf cert TTL must be greater or equal than 1h0m0s"),
  );
});

test("a fault inside the auth method is named by its path and the token is not shown", () => {
  const raw = { Token: "s.secret", AuthMethod: { Type: ["x"], Params: 7 }, ...paths };
  assert.throws(
    () => parseVaultConfig(raw, true),
    invalid(
      "error decoding config: 2 error(s) decoding:\n\n* 'AuthMethod.Params' expected a map, got a number\n* 'AuthMethod.Type' expected text, got a list",
    ),
  );
});
