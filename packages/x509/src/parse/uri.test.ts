import assert from "node:assert/strict";
import { test } from "node:test";
import { uriProblem } from "./uri.ts";

test("absolute URIs are taken as they are", () => {
  for (const uri of [
    "spiffe://11111111-2222-3333-4444-555555555555.consul/ns/default/dc/dc1/svc/web",
    "spiffe://a.consul",
    "https://user@example.com:8443/a%20b?c=d#e",
    "http://[::1]:80/",
    "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "mailto:a@b",
    "file:///etc/hosts",
  ]) {
    assert.equal(uriProblem(uri), undefined, uri);
  }
});

test("what Go, or RFC 5280, does not take as a URI in a certificate is refused", () => {
  for (const uri of [
    "",
    "/relative",
    "no-scheme",
    "1http://a",
    "http://a b",
    "http://a/%zz",
    "http://a/%2",
    "http://a..b/",
    "http://.a/",
    "http://a./",
    "http://a:b/",
    "http://[::1/",
    "http://[abc]/",
    "http://a/\u0000",
    "http://ä/",
    "http://a/ä",
    "http://:80/",
    "x:",
    "http://a%2eb/",
    "http://us er@a/",
    "http://a/^",
  ]) {
    assert.notEqual(uriProblem(uri), undefined, uri);
  }
});
