import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createClient } from "@drawbar/grpc";
import { HealthRegistry, healthService } from "@drawbar/grpc/health";
import { addReflection } from "@drawbar/grpc/reflection";
import { peerPath } from "../support/peer-path.ts";
import { channelTo, goServer, type Listening, run, serveTestService } from "./processes.ts";
import { testService } from "./test-service.ts";

describe("grpc-go's clients of reflection, health and gzip against our server", () => {
  let program = "";
  let listening: Listening;
  let address = "";
  before(async () => {
    program = await peerPath("grpc-reflect");
    listening = await serveTestService({}, (server) => {
      const health = new HealthRegistry();
      health.set("plugin", "SERVING");
      server.addService(healthService, health.implementation);
      addReflection(server);
    });
    address = `127.0.0.1:${listening.port}`;
  });
  after(() => listening[Symbol.asyncDispose]());

  for (const version of ["v1", "v1alpha"]) {
    test(`reflection ${version} lists the services`, async () => {
      assert.deepEqual((await run(program, ["list", address, version])).trim().split("\n"), [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        "grpc.testing.TestService",
      ]);
    });

    test(`reflection ${version} gives all that is needed to call a method by its name`, async () => {
      const unary = "grpc.testing.TestService/UnaryCall";
      const reply = await run(program, ["call", address, version, unary, '{"responseSize": 3}']);
      assert.deepEqual(JSON.parse(reply), { payload: { body: "AAAA" } });
      await assert.rejects(
        run(program, ["call", address, version, unary, '{"noSuchField": 3}']),
        /noSuchField/,
      );
      const health = await run(program, ["call", address, version, "grpc.health.v1.Health/Check", "{}"]);
      assert.deepEqual(JSON.parse(health), { status: "SERVING" });
      await assert.rejects(
        run(program, ["call", address, version, "no.Such/Method", "{}"]),
        /5 not found: no\.Such/,
      );
    });
  }

  test("health is told by Check, List and Watch", async () => {
    assert.deepEqual((await run(program, ["health", address, "plugin"])).trim().split("\n"), [
      "check SERVING",
      'list "" SERVING',
      'list "plugin" SERVING',
      "watch SERVING",
    ]);
    await assert.rejects(
      run(program, ["health", address, "other"]),
      /code = NotFound desc = unknown service/,
    );
  });

  test("a compressed request is understood", async () => {
    assert.equal((await run(program, ["gzip", address])).trim(), "reply 314159");
  });
});

describe("our client against a grpc-go server with gzip", () => {
  test("compressed requests are understood, and compressed replies too, unary and streaming", async () => {
    await using server = await goServer(await peerPath("grpc-reflect"));
    await using channel = channelTo(server.port);
    const client = createClient(testService, channel, { compress: "gzip" });
    let encodings = 0;
    const reply = await client.unaryCall(
      { responseSize: 314_159, payload: { body: new Uint8Array(271_828) } },
      { onHeaders: () => encodings++ },
    );
    assert.equal(reply.payload?.body.length, 314_159);
    assert.equal(encodings, 1);
    const sizes: (number | undefined)[] = [];
    const requests = [31_415, 9, 0].map((size) => ({ responseParameters: [{ size }] }));
    for await (const one of client.fullDuplexCall(requests)) sizes.push(one.payload?.body.length);
    assert.deepEqual(sizes, [31_415, 9, 0]);
  });
});
