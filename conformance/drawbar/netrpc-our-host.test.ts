import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, describe, it } from "node:test";
import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { type LaunchSettings, netrpcPlugin, PluginClient, PluginExitedError } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { Circle, handshake, netrpcReleases, plugins, registry } from "./netrpc-probe.ts";

function collector() {
  const chunks: Buffer[] = [];
  return {
    write: (chunk: Uint8Array) => {
      chunks.push(Buffer.from(chunk));
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}

for (const release of netrpcReleases) {
  describe(`our host with a plugin on go-plugin ${release} over net/rpc`, () => {
    let program = "";
    before(async () => {
      program = await peerPath(`goplugin-netrpc-${release}`, "goplugin");
    });
    const launch = (settings: Partial<LaunchSettings> = {}) =>
      PluginClient.launch({
        handshake,
        plugins,
        cmd: [program, "plugin"],
        netrpc: { registry },
        ...settings,
      });

    it("starts it, pings it and ends it in order", async () => {
      const client = await launch();
      assert.equal(client.protocol, "netrpc");
      await client.ping({ timeoutMs: 5_000 });
      await client.kill();
      assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    });

    it("sends and gets large values, registered types and errors as values", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const large = Buffer.alloc(20_000_000, "x");
      assert.ok(large.equals(await probe.Echo(large)));
      const circle = registry.value(Circle, { Radius: 3 });
      assert.deepEqual(await probe.Any(circle), circle);
      assert.equal(await probe.Any(null), null);
      const shapes = [
        { type: "main.Circle", value: { Radius: 1 } },
        { type: "*main.Square", value: { Side: 2 } },
      ] as const;
      const redrawn = await probe.Redraw({ Title: "art", Shapes: [...shapes] });
      assert.deepEqual(redrawn, { Title: "art!", Shapes: [shapes[1], shapes[0]] });
      assert.deepEqual(await probe.Fail("no ink"), {
        Failure: { type: "*main.CodeError", value: { Code: 7, Text: "no ink" } },
        Basic: { Message: "no ink" },
      });
    });

    it("gets its errors as they are, and goes on after each", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      await assert.rejects(probe.Do("error the ink is dry"), {
        code: "netrpc-server-error",
        message: "the ink is dry",
      });
      await assert.rejects(probe.Do("sleep 60000", { timeoutMs: 20 }), { code: "netrpc-timeout" });
      assert.equal(await probe.Do("stdout still here"), "done");
      const other = service("Other", { Nothing: method(gob.int, gob.int) });
      await using stranger = await PluginClient.launch({
        handshake,
        plugins: { probe: netrpcPlugin(other), nobody: netrpcPlugin(other) },
        cmd: [program, "plugin"],
      });
      await assert.rejects((await stranger.dispense("probe")).Nothing(1), {
        message: "rpc: can't find method Plugin.Nothing",
      });
      await assert.rejects(stranger.dispense("nobody"), {
        code: "netrpc-server-error",
        message: "unknown plugin type: nobody",
      });
    });

    it("gets what it prints, to the last byte", async () => {
      const [stdout, stderr] = [collector(), collector()];
      const client = await launch({ syncStdout: stdout, syncStderr: stderr });
      const probe = await client.dispense("probe");
      await probe.Do("stdout to out");
      await probe.Do("stderr to err");
      await probe.Do("stdout-bytes 1000000");
      await client.kill();
      assert.equal(stdout.text(), `to out\n${"x".repeat(1_000_000)}`);
      assert.equal(stderr.text(), "to err\n");
    });

    if (release !== "1.0.1") {
      it("lays mutual TLS below yamux", async () => {
        await using client = await launch({ autoMtls: true });
        const probe = await client.dispense("probe");
        assert.equal(await probe.Do("stdout secret"), "done");
      });
    }

    it("learns how it died from every call that was in flight", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const hanging = probe.Do("sleep 60000");
      const pinging = client.dispense("probe").then((second) => second.Do("sleep 60000"));
      const death = probe.Do("panic out of paint");
      for (const call of [hanging, pinging, death]) {
        const error = await call.then(
          () => assert.fail("the call succeeded"),
          (reason: unknown) => reason,
        );
        const exited = exitOf(error);
        assert.equal(exited.exitCode, 2);
        assert.ok(
          exited.stderr.some((line) => /panic: "?out of paint/.test(line)),
          exited.message,
        );
      }
      await assert.rejects(client.ping());
      await assert.rejects(client.dispense("probe"));
    });
  });
}

function exitOf(error: unknown): PluginExitedError {
  let cause = error;
  while (cause instanceof Error && !(cause instanceof PluginExitedError)) cause = cause.cause;
  assert.ok(cause instanceof PluginExitedError, `no PluginExitedError among the causes of ${String(error)}`);
  return cause;
}

describe("ten thousand services of a Go plugin, each on a connection of its own", () => {
  it("leave neither descriptors nor waiting connections behind", async () => {
    const Counter = service("Counter", { Add: method(gob.int, gob.int) });
    const Workshop = service("Workshop", { NewCounter: method(gob.int, gob.uint32) });
    const workshop = netrpcPlugin(Workshop, (remote, broker) => ({ remote, broker }));
    const program = await peerPath("goplugin-netrpc-1.8.0", "goplugin");
    await using client = await PluginClient.launch({
      handshake,
      plugins: { workshop },
      cmd: [program, "plugin"],
    });
    const { remote, broker } = await client.dispense("workshop");
    const useOne = async (): Promise<void> => {
      const counter = await broker.dialService(await remote.NewCounter(1), Counter);
      assert.equal(await counter.service.Add(1), 2);
      await counter.close();
    };
    await useOne();
    const descriptors = () => readdirSync("/proc/self/fd").length;
    const before = descriptors();
    for (let round = 0; round < 200; round++) await Promise.all(Array.from({ length: 50 }, useOne));
    assert.equal(descriptors(), before);
    assert.equal(broker.pendingCount, 0);
  });
});
