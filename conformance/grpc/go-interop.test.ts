import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Channel, createClient } from "@drawbar/grpc";
import { peerPath } from "../support/peer-path.ts";
import { interopCases } from "./interop-cases.ts";
import {
  channelTo,
  type ForeignServer,
  goInteropServer,
  type Listening,
  run,
  serveTestService,
} from "./processes.ts";
import { testService } from "./test-service.ts";

describe("grpc-go's interop client passes against our server", () => {
  let program = "";
  let listening: Listening;
  before(async () => {
    program = await peerPath("grpc-go-interop", "client");
    listening = await serveTestService();
  });
  after(() => listening[Symbol.asyncDispose]());

  for (const name of Object.keys(interopCases)) {
    test(name, async () => {
      const address = ["-server_host", "127.0.0.1", "-server_port", String(listening.port)];
      await run(program, [...address, "-test_case", name]);
      assert.equal(listening.server.activeCalls, 0);
    });
  }
});

describe("our client passes against grpc-go's interop server", () => {
  let server: ForeignServer;
  let channel: Channel;
  before(async () => {
    server = await goInteropServer(await peerPath("grpc-go-interop", "server"));
    channel = channelTo(server.port);
  });
  after(async () => {
    await channel.close();
    await server[Symbol.asyncDispose]();
  });

  for (const [name, runCase] of Object.entries(interopCases)) {
    test(name, async () => {
      await runCase(createClient(testService, channel), channel);
      assert.equal(channel.activeCalls, 0);
    });
  }
});
