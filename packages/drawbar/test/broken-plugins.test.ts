import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStatusError, type StatusError } from "@drawbar/grpc";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";

/** How a ping of a plugin that is broken in this way fails; the host must live on to end it. */
async function pingFailure(way: string): Promise<StatusError> {
  const client = await PluginClient.launch({
    handshake,
    plugins,
    cmd: fixture("broken-plugin", way),
    killTimeoutMs: 1,
  });
  try {
    await client.ping();
  } catch (error) {
    assert.ok(isStatusError(error), String(error));
    return error;
  } finally {
    await client.kill();
  }
  return assert.fail("the ping succeeded");
}

describe("a plugin that answers", () => {
  const cases: [string, string, string, RegExp][] = [
    ["by closing the socket in the middle of a call", "closes-mid-call", "UNAVAILABLE", /goes on running/],
    ["with something else than HTTP/2", "bad-http2", "UNAVAILABLE", /./],
    ["with a gRPC message of an unknown form", "bad-grpc-prefix", "INTERNAL", /./],
    [
      "with a gRPC message of impossible length",
      "bad-grpc-length",
      "RESOURCE_EXHAUSTED",
      /maxReceiveMessageBytes/,
    ],
    ["with something else than gRPC", "no-grpc", "UNKNOWN", /text\/html/],
    ["without a status", "no-status", "INTERNAL", /./],
    ["with malformed protobuf", "bad-protobuf", "INTERNAL", /./],
  ];
  for (const [title, way, statusName, message] of cases) {
    it(`${title} fails the call with ${statusName} and harms nothing else`, async () => {
      const error = await pingFailure(way);
      assert.equal(error.statusName, statusName, error.message);
      assert.match(error.message, message);
    });
  }
});
