import assert from "node:assert/strict";
import { test } from "node:test";
import { checkMessage, checkRequest, responseRules, trailerRules } from "./message-check.ts";

const request = [":method", "POST", ":scheme", "http", ":path", "/"];

test("a request, a CONNECT, a response and trailers are recognised", () => {
  assert.deepEqual(checkRequest([...request, "te", "trailers", "content-length", "7"]), {
    kind: "request",
    status: 0,
    contentLength: 7,
  });
  assert.equal(checkRequest([":method", "CONNECT", ":authority", "a:1"]).kind, "request");
  assert.deepEqual(checkMessage([":status", "204"], responseRules), {
    kind: "response",
    status: 204,
    contentLength: -1,
  });
  assert.equal(checkMessage(["grpc-status", "0"], trailerRules).kind, "trailers");
});

test("white space around a value is let through, as gRPC peers send it", () => {
  assert.equal(checkRequest([...request, "x-a", " 1 "]).kind, "request");
});

const malformed: readonly [what: string, list: string[]][] = [
  ["upper case in a name", [...request, "X-A", "1"]],
  ["an empty name", [...request, "", "1"]],
  ["a name that is no token", [...request, "a b", "1"]],
  ["a line break in a value", [...request, "x-a", "1\r\nx-b: 2"]],
  ["a NUL in a value", [...request, "x-a", "\0"]],
  ["a pseudo-field after a regular one", [":method", "GET", "a", "b", ":scheme", "http", ":path", "/"]],
  ["an unknown pseudo-field", [...request, ":other", "1"]],
  ["a response's pseudo-field", [...request, ":status", "200"]],
  ["a repeated pseudo-field", [...request, ":path", "/"]],
  ["a missing method", request.slice(2)],
  ["a missing scheme", [":method", "GET", ":path", "/"]],
  ["a missing path", request.slice(0, 4)],
  ["an empty path", [":method", "GET", ":scheme", "http", ":path", ""]],
  ["CONNECT with a path", [...[":method", "CONNECT"], ...request.slice(2)]],
  ["connection", [...request, "connection", "close"]],
  ["transfer-encoding", [...request, "transfer-encoding", "chunked"]],
  ["te other than trailers", [...request, "te", "gzip"]],
  ["content-length that is no number", [...request, "content-length", "1x"]],
  ["two different content-lengths", [...request, "content-length", "1", "content-length", "2"]],
];
for (const [what, list] of malformed) {
  test(`a request with ${what} is malformed`, () => assert.equal(checkRequest(list).kind, "malformed"));
}

test("a status that is not three digits, and trailers with a pseudo-field, are malformed", () => {
  assert.equal(checkMessage([":status", "20"], responseRules).kind, "malformed");
  assert.equal(checkMessage([], responseRules).kind, "malformed");
  assert.equal(checkMessage([":status", "200"], trailerRules).kind, "malformed");
});
