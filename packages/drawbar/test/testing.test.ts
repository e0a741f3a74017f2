import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as gob from "@drawbar/gob";
import { createClient, isStatusError } from "@drawbar/grpc";
import { method, service } from "@drawbar/netrpc";
import { type GrpcPlugin, netrpcPlugin } from "drawbar";
import { inProcess } from "drawbar/testing";
import { probe, probeService } from "./fixtures/probe.ts";
import { collectingSink } from "./support/sink.ts";

const overGrpc = probe.implement({ echo: (request) => request, hang: () => new Promise(() => {}) });
const Probe = service("Probe", { Echo: method(gob.string, gob.string) });
const overNetRpc = netrpcPlugin(Probe).implement({
  Echo: (text) => {
    if (text === "fail") throw new Error("it broke");
    return text;
  },
});

describe("host and plugin in one process", () => {
  it("call over gRPC", async () => {
    await using kit = await inProcess({ probe: overGrpc });
    assert.equal(kit.protocol, "grpc");
    await kit.ping();
    assert.equal(await (await kit.dispense("probe")).echo("hello"), "hello");
    // @ts-expect-error: there is no such plugin
    await assert.rejects(kit.dispense("nothing"), { code: "plugin-unknown" });
  });

  it("call over net/rpc", async () => {
    await using kit = await inProcess({ probe: overNetRpc });
    assert.equal(kit.protocol, "netrpc");
    await kit.ping();
    const dispensed = await kit.dispense("probe");
    assert.equal(await dispensed.Echo("hello"), "hello");
    await assert.rejects(dispensed.Echo("fail"), /it broke/);
  });

  for (const protocol of ["grpc", "netrpc"] as const) {
    it(`have the plugin's output in the host's sinks, all of it when closed, over ${protocol}`, async () => {
      const [stdout, stderr] = [collectingSink(), collectingSink()];
      const probe = { grpc: overGrpc, netrpc: overNetRpc };
      const kit = await inProcess({ probe }, { protocol, syncStdout: stdout, syncStderr: stderr });
      kit.stdout.write("to out\n");
      kit.stderr.write("to err\n");
      kit.stdout.write("x".repeat(200_000));
      await kit.close();
      assert.equal(stdout.text(), `to out\n${"x".repeat(200_000)}`);
      assert.equal(stderr.text(), "to err\n");
    });
  }

  it("fail calls in flight when they are closed, and any after", async () => {
    const kit = await inProcess({ probe: overGrpc });
    const dispensed = await kit.dispense("probe");
    const hanging = dispensed.hang("").catch((error: unknown) => error);
    await Promise.all([kit.close(), kit.close()]);
    assert.ok(isStatusError(await hanging));
    await assert.rejects(dispensed.echo("x"));
  });

  // Calls a service that the host serves for it alone.
  const caller: GrpcPlugin<{ call(text: string): Promise<string> }> = {
    client: (broker, channel) => ({
      call: async (text) => {
        const id = broker.nextId();
        await using _ = await broker.acceptAndServe(id, probeService, {
          echo: (request) => `host says ${request}`,
        });
        return await createClient(probeService, channel).act(`${id} ${text}`);
      },
    }),
    server: (broker, server) => {
      server.addService(probeService, {
        act: async (request: string) => {
          const [id, text = ""] = request.split(" ");
          await using back = await broker.dialService(Number(id), probeService);
          return await back.service.echo(text);
        },
      });
    },
  };

  for (const multiplex of [true, false]) {
    it(`call back through the broker, ${multiplex ? "within the one connection" : "by sockets"}`, async () => {
      await using kit = await inProcess({ caller }, { multiplex });
      assert.equal(await (await kit.dispense("caller")).call("hi"), "host says hi");
    });
  }
});
