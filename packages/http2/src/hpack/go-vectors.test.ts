import assert from "node:assert/strict";
import { test } from "node:test";
import { HpackDecoder } from "./decoder.ts";

// Blocks that golang.org/x/net/http2/hpack made, in the order of one connection: `conformance/peers/hpack vectors`.
const goVectors: readonly (readonly [block: string, list: readonly string[]])[] = [
  [
    "83864595626b2b22f394742675fb857c651d099d8bd3949d7f4185b6ab50593f5f8b1d75d0620d263d4c4d65647a8a9acac8b4c7602bbccae040027465864d833505b11f",
    [
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      "/grpc.health.v1.Health/Check",
      ":authority",
      "unused",
      "content-type",
      "application/grpc",
      "user-agent",
      "grpc-go/1.83.0",
      "te",
      "trailers",
    ],
  ],
  [
    "8386c2c1c0bfbe40899acac8b24d494f6a7f8669f7df79a0db40874d8321568cd57f89861c17a1f1b30dd989",
    [
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      "/grpc.health.v1.Health/Check",
      ":authority",
      "unused",
      "content-type",
      "application/grpc",
      "user-agent",
      "grpc-go/1.83.0",
      "te",
      "trailers",
      "grpc-timeout",
      "4999841u",
      "trace-bin",
      "AAECAwQFBgc",
    ],
  ],
  ["88c2", [":status", "200", "content-type", "application/grpc"]],
  [
    "40889acac8b21234da8f013540899acac8b5254207317f91a8ea752fa515c0d2b75e561bea7f3e7f9f",
    ["grpc-status", "5", "grpc-message", 'no key %E4%B8%AD "x"'],
  ],
  ["88c4", [":status", "200", "content-type", "application/grpc"]],
  ["7f0001307f0000", ["grpc-status", "0", "grpc-message", ""]],
  [
    "40036f646422097f7b7d3c3e5e607c7e5c20616c6c20746865206c6f6e6720636f6465733a20011f",
    ["odd", "\t\u007f{}<>^`|~\\ all the long codes: \u0001\u001f"],
  ],
];

test("what Go's encoder sent on a gRPC connection decodes to what went in", () => {
  const decoder = new HpackDecoder(4096, 65_536);
  for (const [block, list] of goVectors) {
    const bytes = Buffer.from(block, "hex");
    assert.deepEqual(decoder.decode(bytes, 0, bytes.length).list, list);
  }
});
