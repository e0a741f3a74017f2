import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { type LaunchSettings, PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { plugins } from "./brokered-probe.ts";
import { complaints } from "./go-complaints.ts";
import { GoHost } from "./go-host.ts";
import { peerLimits } from "./peer-limits.ts";
import { handshake } from "./probe.ts";
import { scratchFolder } from "./scratch-folder.ts";

/** How host and plugin are connected, as our settings and as flags of the Go host. */
export interface Way {
  readonly name: string;
  readonly settings: Pick<LaunchSettings, "autoMtls" | "grpcBrokerMultiplex">;
  readonly flags: readonly string[];
}

const ourPlugin = [process.execPath, fileURLToPath(new URL("./probe-plugin.js", import.meta.url))];

const long = "all of it ".repeat(20_000);

/** Everything that brokers do, in both directions, with plugins and hosts on one release of go-plugin. */
export function testBrokers(release: string, way: Way): void {
  describe(`our host with a plugin on go-plugin ${release}, ${way.name}`, () => {
    let program = "";
    before(async () => {
      program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
    });
    const callsBack = !(way.settings.autoMtls && includes(peerLimits.callBackWithAutoMtls, release));
    const launch = () =>
      PluginClient.launch({ handshake, plugins, cmd: [program, "plugin"], ...way.settings });

    it("gives it an interface as an argument, and takes one as a result", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      assert.equal(await probe.dialOffer("there and back"), "there and back");
      if (callsBack) assert.equal(await probe.callBack(long), long);
      else await assert.rejects(probe.callBack("refused"), /authentication handshake failed/);
    });

    it("gives it several interfaces at once", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const texts = Array.from({ length: 10 }, (_, index) => `number ${index}`);
      if (callsBack) assert.deepEqual(await Promise.all(texts.map((text) => probe.callBack(text))), texts);
      assert.deepEqual(await Promise.all(texts.map((text) => probe.dialOffer(text))), texts);
    });

    it("exchanges a stream of bytes with it", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      assert.equal(await probe.bytes(long), long);
    });
  });

  describe(`a host on go-plugin ${release} with our plugin, ${way.name}`, () => {
    it("gives it an interface as an argument, takes one as a result, and exchanges bytes with it", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path, way.flags);
      assert.equal(await host.ask({ op: "call-back", text: "there and back" }), "there and back");
      assert.equal(await host.ask({ op: "dial-offer", text: "and the other way" }), "and the other way");
      assert.equal(await host.ask({ op: "bytes", text: long }), long);
      assert.equal(await host.ask({ op: "kill" }), true);
      assert.deepEqual(complaints(host.log, release, /"@level":"error"|refused/), []);
    });
  });
}

function includes(list: readonly string[], item: string): boolean {
  return list.includes(item);
}
