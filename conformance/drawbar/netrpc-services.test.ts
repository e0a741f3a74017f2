import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import * as gob from "@drawbar/gob";
import { method, service } from "@drawbar/netrpc";
import { netrpcPlugin, PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { handshake } from "./probe.ts";

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
