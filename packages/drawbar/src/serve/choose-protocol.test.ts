import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Protocol } from "../handshake/handshake.ts";
import type { GrpcServerPlugin, NetRpcServerPlugin } from "../plugin/plugin.ts";
import { chooseProtocol } from "./choose-protocol.ts";

const grpc: GrpcServerPlugin = { server: () => {} };
const netrpc: NetRpcServerPlugin = { protocol: "netrpc", server: () => ({ register: () => {} }) };
const both = { grpc, netrpc };

describe("the protocol that a plugin program serves", () => {
  it("is the one that the whole set knows, gRPC before net/rpc", () => {
    assert.equal(chooseProtocol(undefined, { a: grpc, b: both }), "grpc");
    assert.equal(chooseProtocol(undefined, { a: netrpc, b: both }), "netrpc");
    assert.equal(chooseProtocol(undefined, { a: both }), "grpc");
    assert.equal(chooseProtocol(undefined, {}), "grpc");
  });

  it("is the one that the program asks for", () => {
    assert.equal(chooseProtocol("netrpc", { a: both }), "netrpc");
    assert.equal(chooseProtocol("grpc", { a: grpc, b: netrpc }), "grpc");
    assert.equal(chooseProtocol("netrpc", { a: grpc, b: netrpc }), "netrpc");
  });

  it("must be asked for where the set has none in common, and must be known to somebody", () => {
    assert.throws(() => chooseProtocol(undefined, { a: grpc, b: netrpc }), {
      code: "plugin-config-invalid",
      message: /\(a over gRPC, b over net\/rpc\); set `protocol`/,
    });
    assert.throws(() => chooseProtocol("grpc", { b: netrpc }), {
      code: "plugin-config-invalid",
      message: "no plugin of the set can be served over grpc (protocol)",
    });
    // As plain JavaScript may ask.
    assert.throws(() => chooseProtocol("morse" as Protocol, { a: grpc }), {
      code: "plugin-config-invalid",
      message: 'unknown server protocol: morse; drawbar serves "grpc" and "netrpc" (protocol)',
    });
  });
});
