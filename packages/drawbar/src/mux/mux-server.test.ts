import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { memoryPair } from "@drawbar/io";
import { ManualClock } from "@drawbar/io/testing";
import { MuxServer } from "./mux-server.ts";

describe("a multiplexed plugin", () => {
  it("waits five seconds for its host, when it has a connection to make", async () => {
    const clock = new ManualClock();
    const server = new MuxServer(clock);
    const session = server.session();
    clock.advance(5_000);
    await assert.rejects(session, {
      code: "broker-timeout",
      message: "timed out waiting for connection to be established: no host has connected",
    });
  });

  it("has the session of the host that comes meanwhile", async () => {
    const clock = new ManualClock();
    const server = new MuxServer(clock);
    const session = server.session();
    server.accept(memoryPair()[0], () => {});
    clock.advance(5_000);
    assert.equal(await session, await server.session());
    (await session).destroy();
  });
});
