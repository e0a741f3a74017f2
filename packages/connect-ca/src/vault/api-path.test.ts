import assert from "node:assert/strict";
import { test } from "node:test";
import { apiPath } from "./api-path.ts";

test("slashes that joining left over vanish", () => {
  assert.equal(apiPath("pki-root//ca/pem"), "/v1/pki-root/ca/pem");
  assert.equal(apiPath("/sys/mounts/pki/"), "/v1/sys/mounts/pki");
});

test("what a URL cannot carry is escaped, what it can stays", () => {
  assert.equal(apiPath("auth/userpass/login/jo ann@x?y#z%"), "/v1/auth/userpass/login/jo%20ann@x%3Fy%23z%25");
  assert.equal(apiPath("a:b/c+d,e=f&g;h$i"), "/v1/a:b/c+d,e=f&g;h$i");
});

test("a path that would leave its mount is refused", () => {
  for (const path of ["pki/../sys/seal", "./x", "", "//", "\ud800"]) {
    assert.throws(() => apiPath(path), { code: "vault-option-invalid" }, path);
  }
});
