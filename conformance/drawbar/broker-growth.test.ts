import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { before, describe, it } from "node:test";
import { PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { plugins } from "./brokered-probe.ts";
import { handshake } from "./probe.ts";
import { probePlugin } from "./probe-plugins.ts";
import { scratchFolder } from "./scratch-folder.ts";

// DRAWBAR_LONG=1 is the long form. One descriptor that stayed would be one too many.
const connections = process.env["DRAWBAR_LONG"] === "1" ? 10_000 : 100;

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Has this process put its own sockets there too, until the end of the block. */
function temporaryFolder(path: string): Disposable {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = path;
  return {
    [Symbol.dispose]: () => {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    },
  };
}

const ways = [
  ["sockets", {}],
  ["sockets with AutoMTLS", { autoMtls: true }],
  ["one connection with AutoMTLS", { autoMtls: true, grpcBrokerMultiplex: true }],
] as const;

describe(`${connections} brokered connections, half in each direction, leave nothing behind`, () => {
  const commands = new Map<string, [string, string]>();
  before(async () => {
    commands.set("go-plugin 1.8.0", [await peerPath("goplugin-grpc-1.8.0", "goplugin"), "plugin"]);
    commands.set("drawbar", [process.execPath, probePlugin("grpc")]);
  });

  for (const name of ["go-plugin 1.8.0", "drawbar"]) {
    for (const [way, settings] of ways) {
      it(`with a plugin on ${name}, over ${way}`, async () => {
        const cmd = commands.get(name) ?? ["", ""];
        using folder = scratchFolder();
        const env = { TMPDIR: folder.path };
        using _ours = temporaryFolder(folder.path);
        await using client = await PluginClient.launch({ handshake, plugins, cmd, env, ...settings });
        const probe = await client.dispense("probe");
        const exchange = async (count: number): Promise<void> => {
          for (let index = 0; index < count; index++) {
            assert.equal(await probe.callBack("there"), "there");
            assert.equal(await probe.bytes("back"), "back");
          }
        };
        const held = (): number[] => [descriptors(process.pid), descriptors(client.pid ?? 0)];
        // What is made once, such as the first socket's folder, and Go's threads, comes with the first ones.
        await exchange(20);
        const first = held();
        await exchange(connections / 2);
        // The other side closes its end when it sees ours closed: a few round trips later at most.
        let last = held();
        for (let trip = 0; trip < 200 && last.some((count, side) => count > (first[side] ?? 0)); trip++) {
          await client.ping();
          last = held();
        }
        for (const [side, count] of last.entries()) {
          assert.ok(count <= (first[side] ?? 0), `descriptors grew from ${first} to ${last} (host, plugin)`);
        }
        await client.kill();
        assert.deepEqual(readdirSync(folder.path), [], "sockets and their folders are gone with the plugin");
      });
    }
  }
});
