import assert from "node:assert/strict";
import { Readable, Writable } from "node:stream";
import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { type LaunchSettings, netrpcPlugin, PluginClient } from "drawbar";
import { Circle, registry } from "../netrpc-probe.ts";
import { handshake } from "../probe.ts";
import type { Cases } from "./capabilities.ts";
import { ourHostCases } from "./our-host-cases.ts";
import type { NetRpcRunning, OurHostLab } from "./our-host-lab.ts";
import { rejection } from "./rejection.ts";

type Lab = OurHostLab<NetRpcRunning>;
type Way = Pick<LaunchSettings, "autoMtls">;

async function serviceAsArgument(lab: Lab, way: Way): Promise<void> {
  const { workshop } = (await lab.shared(way)).goods;
  assert.equal(await workshop.sum([1, 2, 3], (a, b) => a + b), 6);
}

async function serviceAsResult(lab: Lab, way: Way): Promise<void> {
  const { workshop } = (await lab.shared(way)).goods;
  const counter = await workshop.newCounter(5);
  assert.deepEqual([await counter.service.Add(1), await counter.service.Add(2)], [6, 8]);
  await counter.close();
}

/** What our host does with a plugin on go-plugin over net/rpc. */
export const ourHostNetRpcCases: Cases<Lab> = {
  ...ourHostCases,

  async kinds(lab) {
    const { probe } = (await lab.shared()).goods;
    const circle = registry.value(Circle, { Radius: 3 });
    assert.deepEqual(await probe.Any(circle), circle);
    assert.equal(await probe.Any(null), null);
    const shapes = [
      { type: "main.Circle", value: { Radius: 1 } },
      { type: "*main.Square", value: { Side: 2 } },
    ] as const;
    const redrawn = await probe.Redraw({ Title: "art", Shapes: [...shapes] });
    assert.deepEqual(redrawn, { Title: "art!", Shapes: [shapes[1], shapes[0]] });
  },

  async sizes(lab) {
    const { echo } = await lab.shared();
    const large = Buffer.alloc(20_000_000, "x");
    assert.ok(large.equals(await echo(large)));
  },

  async errors(lab) {
    const { goods, ...running } = await lab.shared();
    const { probe } = goods;
    await assert.rejects(probe.Do("error the ink is dry"), {
      code: "netrpc-server-error",
      message: "the ink is dry",
    });
    assert.deepEqual(await probe.Fail("no ink"), {
      Failure: { type: "*main.CodeError", value: { Code: 7, Text: "no ink" } },
      Basic: { Message: "no ink" },
    });
    await assert.rejects(probe.Do("sleep 500", { timeoutMs: 20 }), { code: "netrpc-timeout" });
    assert.equal(await running.do("stdout still here"), "done");
    const other = netrpcPlugin(service("Other", { Nothing: method(gob.int, gob.int) }));
    const plugins = { probe: other, nobody: other };
    await using stranger = await PluginClient.launch({ handshake, plugins, cmd: await lab.command() });
    await assert.rejects((await stranger.dispense("probe")).Nothing(1), {
      message: "rpc: can't find method Plugin.Nothing",
    });
    await assert.rejects(stranger.dispense("nobody"), {
      code: "netrpc-server-error",
      message: "unknown plugin type: nobody",
    });
  },

  "service-argument": (lab) => serviceAsArgument(lab, {}),
  "service-result": (lab) => serviceAsResult(lab, {}),
  "auto-mtls-argument": (lab) => serviceAsArgument(lab, { autoMtls: true }),
  "auto-mtls-result": (lab) => serviceAsResult(lab, { autoMtls: true }),

  async bytes(lab) {
    const { workshop } = (await lab.shared()).goods;
    const sent = [Buffer.alloc(1_000_000, "u"), Buffer.alloc(1_000_000, "u")];
    assert.equal(await workshop.upload(Readable.from(sent)), 2_000_000);
    let received = 0;
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      received += chunk.length;
      done();
    };
    await workshop.download("hello".repeat(100), 1_000, new Writable({ write }));
    assert.equal(received, 500_000);
  },

  async "kill-under-call"(lab) {
    const running = await lab.launch();
    const sleeping = rejection(running.do("sleep 60000"), Error);
    await running.echo(Buffer.from("under way"));
    await running.client.kill();
    assert.equal(((await sleeping) as { code?: string }).code, "netrpc-connection-lost");
  },
};
