import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient } from "@drawbar/grpc";
import { reflectionService } from "@drawbar/grpc/reflection";
import { createLogger, type GrpcPlugin, PluginClient, routeConsole, serveTest } from "drawbar";
import { inProcess } from "drawbar/testing";
import { overGrpc, servedOverGrpc } from "./fixtures/upstream/over-grpc.ts";
import { servedOverNetRpc } from "./fixtures/upstream/over-netrpc.ts";
import { handshake } from "./fixtures/upstream/test-interface.ts";

// Counterparts of those of go-plugin's tests that have host and plugin in one process. A title begins with the names
// of upstream's tests that it stands for.

/** What asks a plugin for the names of its services, and of a service's methods. */
const asking: GrpcPlugin<{
  services(): Promise<readonly string[]>;
  describe(symbol: string): Promise<string>;
}> = {
  server: () => {},
  client: (_, channel) => {
    const { serverReflectionInfo } = createClient(reflectionService, channel);
    return {
      services: async () => {
        for await (const { answer } of serverReflectionInfo([
          { host: "", question: { kind: "listServices" } },
        ])) {
          if (answer.kind === "services") return answer.names;
        }
        return [];
      },
      describe: async (symbol) => {
        for await (const { answer } of serverReflectionInfo([
          { host: "", question: { kind: "fileContainingSymbol", symbol } },
        ])) {
          if (answer.kind === "files") return Buffer.concat(answer.files).toString("latin1");
        }
        return "";
      },
    };
  },
};

for (const multiplex of [false, true]) {
  describe(`a plugin over gRPC (${multiplex ? "mux" : "default"})`, () => {
    const connect = () => inProcess({ ...servedOverGrpc, asking }, { multiplex });

    it("TestGRPC_App, TestGRPCConn_BidirectionalPing: is called, and calls back", async () => {
      await using kit = await connect();
      const test = await kit.dispense("test");
      assert.equal(await test.double(21), 42);
      await test.bidirectional();
    });

    it("TestGRPCC_Stream: answers each message of a stream before the next is sent", async () => {
      await using kit = await connect();
      assert.deepEqual(await (await kit.dispense("test")).stream(21, 27), [21, 22, 23, 24, 25, 26]);
    });

    it("TestGRPC_Ping: is pinged as often as one likes, until it stops", async () => {
      const kit = await connect();
      await kit.ping();
      await kit.ping();
      await kit.close();
      await assert.rejects(kit.ping(), { statusName: "UNAVAILABLE" });
    });

    it("TestGRPC_Reflection: tells of the services that go-plugin's have, and of their methods", async () => {
      await using kit = await connect();
      const { services, describe } = await kit.dispense("asking");
      const wanted = [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        "plugin.GRPCBroker",
        "plugin.GRPCController",
        "plugin.GRPCStdio",
        "test.Test",
      ];
      const names = await services();
      assert.deepEqual(
        wanted.filter((name) => !names.includes(name)),
        [],
      );
      const health = await describe("grpc.health.v1.Health");
      assert.ok(health.includes("Check") && health.includes("Watch"));
    });
  });
}

describe("a plugin over net/rpc", () => {
  it("TestClient_App: is called", async () => {
    await using kit = await inProcess(servedOverNetRpc);
    assert.equal(kit.protocol, "netrpc");
    assert.equal(await (await kit.dispense("test")).double(21), 42);
  });
});

describe("a plugin in test mode", () => {
  it("TestServer_testMode: says its version, is pinged, outlives a host's kill and ends with the signal", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const serving = await serveTest({ handshake, plugins: servedOverGrpc, signal });
    assert.equal(serving.reattachConfig.ProtocolVersion, handshake.protocolVersion);
    const options = { handshake, plugins: overGrpc };
    const [first, second] = [
      await PluginClient.reattach(serving.reattachConfig, options),
      await PluginClient.reattach(serving.reattachConfig, options),
    ];
    await first.ping();
    await first.kill();
    await second.ping();
    controller.abort();
    await serving.closed;
    await assert.rejects(second.ping(), { statusName: "UNAVAILABLE" });
    await second.kill();
  });

  it("TestServer_RPC: over net/rpc ends with the signal too", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const serving = await serveTest({ handshake, plugins: servedOverNetRpc, signal });
    assert.equal(serving.reattachConfig.Protocol, "netrpc");
    controller.abort();
    await serving.closed;
  });

  it("TestServer_testStdLogger: leaves the console to the logger that it is routed to", async () => {
    const lines: string[] = [];
    const giveBack = routeConsole(
      createLogger({ level: "trace", write: (entry) => lines.push(entry.message) }),
    );
    try {
      await using _ = await serveTest({ handshake, plugins: servedOverGrpc, syncStdio: true });
      console.debug("test log");
    } finally {
      giveBack();
    }
    assert.deepEqual(lines, ["test log"]);
  });
});
