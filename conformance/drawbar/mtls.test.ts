import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { type LaunchSettings, PluginClient, PluginStartError } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { plugins as brokered } from "./brokered-probe.ts";
import { complaints } from "./go-complaints.ts";
import { GoHost, GoHostError } from "./go-host.ts";
import { handshake, plugins } from "./probe.ts";
import { probePlugin } from "./probe-plugins.ts";
import { scratchFolder } from "./scratch-folder.ts";

const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
const ourPlugin: [string, string] = [process.execPath, probePlugin("grpc")];

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

// The oldest release that AutoMTLS is asked for with; later ones are in the matrix.
describe("AutoMTLS with go-plugin 1.4.3", () => {
  it("secures what our host calls of its plugin, which cannot call back", async () => {
    const cmd: Command = [await peerPath("goplugin-grpc-1.4.3", "goplugin"), "plugin"];
    await using client = await PluginClient.launch({ handshake, plugins: brokered, cmd, autoMtls: true });
    const probe = await client.dispense("probe");
    assert.match(await probe.do("env PLUGIN_CLIENT_CERT"), /^-----BEGIN CERTIFICATE-----\n/);
    assert.equal(await probe.dialOffer("there and back"), "there and back");
    await assert.rejects(probe.callBack("refused"), /authentication handshake failed/);
  });

  it("secures what its host calls of our plugin, and of its services", async () => {
    using folder = scratchFolder();
    await using host = await GoHost.launch("1.4.3", ourPlugin, folder.path, ["-automtls"]);
    assert.equal(await host.ask({ op: "ping" }), "pong");
    assert.equal(await host.ask({ op: "call-back", text: "there and back" }), "there and back");
    assert.equal(await host.ask({ op: "kill" }), true);
    assert.deepEqual(complaints(host.log, "1.4.3", /"@level":"error"|refused/), []);
  });
});

for (const release of ["1.4.3", "1.8.0"]) {
  describe(`AutoMTLS with somebody between our side and go-plugin ${release}`, () => {
    let program = "";
    before(async () => {
      program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
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
      assert.match(
        await host.lineWith("refused a connection"),
        /refused a connection.*the peer's certificate is not trusted: /,
      );
    });

    it("has our plugin refuse to start with half of a host's certificate", async () => {
      using folder = scratchFolder();
      const command = tampered("host", "half", ourPlugin);
      await using host = await GoHost.launch(release, command, folder.path, ["-automtls"]);
      await assert.rejects(host.ask({ op: "start" }), GoHostError);
      await host.lineWith("the host's certificate (PLUGIN_CLIENT_CERT) cannot be read");
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
