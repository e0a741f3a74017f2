import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Client, createClient } from "@drawbar/grpc";
import {
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionService,
  reflectionServiceV1Alpha,
} from "@drawbar/grpc/reflection";
import { type GrpcClientPlugin, grpcPlugin, PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";

const cmd = fixture("probe-plugin");

/** The probe's echo as grpc-js describes it. */
const grpcJsProbe = {
  shout: {
    path: "/test.Probe/Echo",
    requestStream: false as const,
    responseStream: false as const,
    requestSerialize: (value: string) => Buffer.from(value.toUpperCase()),
    requestDeserialize: (bytes: Buffer) => bytes.toString(),
    responseSerialize: (value: string) => Buffer.from(value),
    responseDeserialize: (bytes: Buffer) => bytes.toString(),
  },
};

/** A plugin written by hand: what it dispenses is whatever it makes of the channel. */
const reflection: GrpcClientPlugin<{
  v1: Client<typeof reflectionService>;
  v1alpha: Client<typeof reflectionServiceV1Alpha>;
  alive: () => boolean;
}> = {
  client: (_, channel, signal) => ({
    v1: createClient(reflectionService, channel),
    v1alpha: createClient(reflectionServiceV1Alpha, channel),
    alive: () => !signal.aborted,
  }),
};

describe("a plugin", () => {
  it("may be described as grpc-js describes services, with their types", async () => {
    await using client = await PluginClient.launch({
      handshake,
      plugins: { probe: grpcPlugin(grpcJsProbe) },
      cmd,
    });
    const probe = await client.dispense("probe");
    const answer: string = await probe.shout("hello");
    assert.equal(answer, "HELLO");
    // @ts-expect-error: the method takes a string
    await assert.rejects(probe.shout(5));
  });

  it("may be written by hand, and learns when its process is over", async () => {
    const client = await PluginClient.launch({ handshake, plugins: { reflection }, cmd });
    const dispensed = await client.dispense("reflection");
    assert.ok(dispensed.alive());
    await client.kill();
    assert.ok(!dispensed.alive());
  });

  it("cannot be served before it is implemented, for the compiler", () => {
    // @ts-expect-error: grpcPlugin alone has no server side
    const served: import("drawbar").ServedPluginSet = { probe: plugins.probe };
    assert.ok(served);
  });

  it("has the services that go-plugin's plugins have, and reflection tells of them", async () => {
    await using client = await PluginClient.launch({ handshake, plugins: { reflection }, cmd });
    const { v1, v1alpha } = await client.dispense("reflection");
    for (const service of [v1, v1alpha]) {
      const asked = questions([{ kind: "listServices" }, symbol("plugin.GRPCStdio")]);
      const answers: ReflectionResponse[] = [];
      for await (const answer of service.serverReflectionInfo(asked)) answers.push(answer);
      const [list, file] = answers;
      assert.ok(list?.answer.kind === "services");
      assert.deepEqual([...list.answer.names].sort(), [
        "drawbar.plugin.v1.PluginService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        "plugin.GRPCBroker",
        "plugin.GRPCController",
        "plugin.GRPCStdio",
        "test.Probe",
      ]);
      assert.ok(file?.answer.kind === "files");
      assert.equal(file.answer.files.length, 2);
    }
  });
});

function symbol(name: string): ReflectionRequest["question"] {
  return { kind: "fileContainingSymbol", symbol: name };
}

function questions(list: readonly ReflectionRequest["question"][]): ReflectionRequest[] {
  return list.map((question) => ({ host: "", question }));
}
