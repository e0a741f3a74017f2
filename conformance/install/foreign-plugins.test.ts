import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import * as gob from "@drawbar/gob";
import { Plugins } from "@drawbar/install";
import { method, service } from "@drawbar/netrpc";
import { grpcPlugin, netrpcPlugin, PluginClient, type PluginSet } from "drawbar";
import { peerPath } from "../support/peer-path.ts";

const handshake = {
  protocolVersion: 1,
  magicCookieKey: "BASIC_PLUGIN",
  magicCookieValue: "hello",
};
// Only the names matter: nothing is called but what every plugin has.
const nothing = { encode: () => new Uint8Array(0), decode: () => undefined };
const grpc: PluginSet = {
  kv_grpc: grpcPlugin({
    name: "proto.KV",
    methods: { get: { path: "/proto.KV/Get", kind: "unary" as const, request: nothing, response: nothing } },
  }),
};
const netrpc: PluginSet = {
  kv: netrpcPlugin(service("KV", { Get: method(gob.string, gob.bytes) })),
};

describe("a plugin of go-plugin's own examples, which states nothing", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "drawbar-foreign-"));
  });
  after(() => rm(folder, { recursive: true }));

  for (const [binary, plugins] of [
    ["grpc-plugin", grpc],
    ["netrpc-plugin", netrpc],
  ] as const) {
    it(`is installed, launched by name and version, and goes on after it was asked: ${binary}`, async () => {
      await copyFile(await peerPath("goplugin-examples", binary), join(folder, `${binary}_v1.8.0`));
      const installed = new Plugins({
        root: join(folder, "root"),
        cacheFolder: join(folder, "cache"),
        lockFile: join(folder, "drawbar.lock.json"),
      });
      const source = `./${binary}_v1.8.0`;
      await installed.install({ name: binary, source, version: "~> 1.8" });
      await using client = await PluginClient.launch({
        handshake,
        plugins,
        plugin: binary,
        version: "^1.8",
        finder: installed,
      });
      assert.equal(await client.describe(), undefined);
      await client.ping();
      assert.equal(await client.describe(), undefined);
    });
  }
});
