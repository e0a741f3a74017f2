import assert from "node:assert/strict";
import type { Operation } from "../go-host.ts";
import { workshopPlugin } from "../probe-plugins.ts";
import type { Cases } from "./capabilities.ts";
import { goHostCases } from "./go-host-cases.ts";
import { failure, type GoHostLab } from "./go-host-lab.ts";

// The plugin whose arguments and results are services and streams.
const workshop = [process.execPath, workshopPlugin];

/** What a host on go-plugin does with our plugin over net/rpc. */
export const goHostNetRpcCases: Cases<GoHostLab> = {
  ...goHostCases,

  async kinds(lab) {
    const host = await lab.shared();
    assert.equal(await host.ask({ op: "any", size: 3 }), "main.Circle {3}");
    assert.equal(await host.ask({ op: "redraw", text: "art" }), "art! *main.Square:4 main.Circle:3");
  },

  async concurrent(lab) {
    const host = await lab.shared();
    const slow = host.ask({ op: "do", text: "sleep 100" });
    const sizes = Array.from({ length: 100 }, (_, index) => index * 500);
    const echoed = await Promise.all(sizes.map((size) => host.ask({ op: "echo", text: "x", size })));
    assert.ok(echoed.every((same) => same === true));
    assert.equal(await slow, "done");
  },

  async sizes(lab) {
    const host = await lab.shared();
    assert.equal(await host.ask({ op: "echo", text: "x", size: 20_000_000 }), true);
  },

  async errors(lab) {
    const host = await lab.shared();
    const messages: [Operation, RegExp][] = [
      [{ op: "do", text: "error the ink is dry" }, /^the ink is dry$/],
      [{ op: "call", text: "Plugin.Nothing" }, /^rpc: can't find method Plugin\.Nothing$/],
      [{ op: "call", text: "Plugin.Do" }, /gob/],
      [{ op: "dispense", text: "nobody" }, /^unknown plugin type: nobody$/],
    ];
    for (const [operation, expected] of messages) {
      assert.match((await failure(host.ask(operation))).message, expected);
    }
    assert.equal(await host.ask({ op: "fail", text: "no ink" }), "*main.CodeError no ink (7) / no ink");
    assert.equal(await host.ask({ op: "do", text: "stdout still here" }), "done");
  },

  async "service-argument"(lab) {
    const host = await lab.sharedCommand(workshop);
    assert.equal(await host.ask({ op: "sum", numbers: [1, 2, 3] }), 6);
  },

  async "service-result"(lab) {
    const host = await lab.sharedCommand(workshop);
    assert.deepEqual(await host.ask({ op: "count", size: 5, numbers: [1, 2] }), [6, 8]);
  },

  async bytes(lab) {
    const host = await lab.sharedCommand(workshop);
    assert.equal(await host.ask({ op: "upload", size: 3_000_000 }), 3_000_000);
    assert.equal(await host.ask({ op: "download", text: "hello".repeat(100), size: 1_000 }), 500_000);
  },

  async "auto-mtls"(lab) {
    const host = await lab.sharedCommand(workshop, ["-automtls"]);
    assert.equal(await host.ask({ op: "ping" }), "pong");
    await host.lineWith("configuring client automatic mTLS");
  },

  async "auto-mtls-argument"(lab) {
    const host = await lab.sharedCommand(workshop, ["-automtls"]);
    assert.equal(await host.ask({ op: "sum", numbers: [1, 2, 3] }), 6);
  },

  async "auto-mtls-result"(lab) {
    const host = await lab.sharedCommand(workshop, ["-automtls"]);
    assert.deepEqual(await host.ask({ op: "count", size: 5, numbers: [1, 2] }), [6, 8]);
  },
};
