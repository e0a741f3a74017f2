import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVaultAddress } from "./vault-address.ts";

test("addresses of all three kinds are read, with default ports and a proxy's prefix", () => {
  const cases: [string, object][] = [
    ["http://127.0.0.1:8200", { kind: "http", host: "127.0.0.1", port: 8200, prefix: "" }],
    ["https://vault.example/", { kind: "https", host: "vault.example", port: 443, prefix: "" }],
    ["http://[::1]/vault/", { kind: "http", host: "::1", port: 80, prefix: "/vault" }],
    ["unix:///run/vault%20a.sock", { kind: "unix", socketPath: "/run/vault a.sock" }],
  ];
  for (const [address, expected] of cases) assert.deepEqual(parseVaultAddress(address), expected);
});

test("what is no address is refused with what one looks like, without a password in it", () => {
  for (const address of ["127.0.0.1:8200", "", "ftp://x", "unix://relative/path"]) {
    assert.throws(() => parseVaultAddress(address), {
      code: "vault-option-invalid",
      message: /expected http:\/\/host:port, https:\/\/host:port or unix:\/\/\/path$/,
    });
  }
  assert.throws(
    () => parseVaultAddress("http://me:hunter2@vault"),
    (error: Error) => !error.message.includes("hunter2") && error.message.includes("password"),
  );
});
