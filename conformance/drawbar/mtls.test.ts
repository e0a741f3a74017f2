import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { type LaunchSettings, PluginClient, PluginStartError } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { complaints } from "./go-complaints.ts";
import { GoHost, GoHostError } from "./go-host.ts";
import { plugins as netrpcPlugins } from "./netrpc-probe.ts";
import { handshake, plugins } from "./probe.ts";
import { scratchFolder } from "./scratch-folder.ts";

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const ourPlugin: [string, string] = [process.execPath, script("probe-plugin")];

type Command = readonly [string, ...string[]];

function tampered(whose: "host" | "plugin", how: "other" | "none" | "half", command: Command): Command {
  return [process.execPath, script("tamper"), whose, how, ...command];
}

async function startError(cmd: Command): Promise<PluginStartError> {
  const error = await PluginClient.launch({ handshake, plugins, cmd, autoMtls: true }).then(
    async (client) => {
      await client.kill();
      assert.fail("the plugin started");
    },
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PluginStartError, String(error));
  return error;
}

for (const release of ["1.4.3", "1.6.3", "1.8.0"]) {
  describe(`AutoMTLS with go-plugin ${release}`, () => {
    let program = "";
    before(async () => {
      program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
    });

    for (const curve of ["P-256", "P-521"] as const) {
      it(`secures what our host calls of its plugin (our certificate: ${curve})`, async () => {
        await using client = await PluginClient.launch({
          handshake,
          plugins,
          cmd: [program, "plugin"],
          autoMtls: { curve },
        });
        await client.ping();
        const probe = await client.dispense("probe");
        const { value } = await probe.do({ value: "env PLUGIN_CLIENT_CERT" });
        assert.match(value, /^-----BEGIN CERTIFICATE-----\n/);
        const big = new Uint8Array(3_000_000).fill(7);
        assert.deepEqual((await probe.echo({ value: big })).value, big);
      });
    }

    it("secures what its host calls of our plugin", async () => {
      using folder = scratchFolder();
      await using host = await GoHost.launch(release, ourPlugin, folder.path, ["-automtls"]);
      assert.equal(await host.ask({ op: "ping" }), "pong");
      const bytes = Buffer.alloc(3_000_000, 7).toString("base64");
      assert.equal(await host.ask({ op: "echo", bytes }), bytes);
      assert.equal(await host.ask({ op: "kill" }), true);
      assert.deepEqual(complaints(host.log, release, /"@level":"error"|refused/), []);
    });

    it("has our host refuse a certificate that is not the plugin's", async () => {
      const error = await startError(tampered("plugin", "other", [program, "plugin"]));
      assert.equal(error.code, "tls-failed");
      assert.match(error.message, /do not trust each other: TLS handshake failed: /);
    });

    it("has our host refuse a plugin without a certificate, and one with half of one", async () => {
      const none = await startError(tampered("plugin", "none", [program, "plugin"]));
      assert.equal(none.code, "server-cert-missing");
      const half = await startError(tampered("plugin", "half", [program, "plugin"]));
      assert.equal(half.code, "server-cert-invalid");
    });

    it("has our plugin refuse a host with another certificate than it was told", async () => {
      using folder = scratchFolder();
      const command = tampered("host", "other", ourPlugin);
      await using host = await GoHost.launch(release, command, folder.path, ["-automtls"]);
      await assert.rejects(host.ask({ op: "echo", bytes: "AAAA", timeoutMs: 3000 }), GoHostError);
      await host.ask({ op: "kill" });
      assert.match(host.log, /refused a connection.*the peer's certificate is not trusted: /);
    });

    it("has our plugin refuse to start with half of a host's certificate", async () => {
      using folder = scratchFolder();
      const command = tampered("host", "half", ourPlugin);
      await using host = await GoHost.launch(release, command, folder.path, ["-automtls"]);
      await assert.rejects(host.ask({ op: "start" }), GoHostError);
      assert.match(host.log, /the host's certificate \(PLUGIN_CLIENT_CERT\) cannot be read/);
    });
  });
}

for (const release of ["1.0.1", "1.4.8", "1.8.0"]) {
  describe(`AutoMTLS over net/rpc with go-plugin ${release}`, () => {
    const text = Buffer.from("secret ".repeat(100_000));

    it("secures what our host calls of its plugin", async () => {
      const program = await peerPath(`goplugin-netrpc-${release}`, "goplugin");
      await using client = await PluginClient.launch({
        handshake,
        plugins: netrpcPlugins,
        cmd: [program, "plugin"],
        autoMtls: true,
      });
      const probe = await client.dispense("probe");
      assert.ok(text.equals(await probe.Echo(text)));
    });

    it("secures what its host calls of our plugin", async () => {
      using folder = scratchFolder();
      const command = [process.execPath, script("netrpc-probe-plugin")];
      await using host = await GoHost.launch(release, command, folder.path, ["-automtls"], "netrpc");
      assert.equal(await host.ask({ op: "echo", text: "x", size: 1_000_000 }), true);
      assert.equal(await host.ask({ op: "kill" }), true);
      assert.match(host.log, /configuring client automatic mTLS/);
    });
  });
}

describe("AutoMTLS between our host and our plugin", () => {
  it("does not come about if the plugin was told another certificate of the host", async () => {
    const cmd = tampered("host", "other", ourPlugin);
    const settings: LaunchSettings = { handshake, cmd, autoMtls: true };
    await using client = await PluginClient.launch({ ...settings, plugins });
    const probe = await client.dispense("probe");
    await assert.rejects(probe.echo({ value: new Uint8Array(1) }), (error) => {
      assert.ok(isStatusError(error));
      assert.equal(error.statusName, "UNAVAILABLE");
      return true;
    });
  });

  it("is missed by the host if the plugin was told of none", async () => {
    assert.equal((await startError(tampered("host", "none", ourPlugin))).code, "server-cert-missing");
  });
});
