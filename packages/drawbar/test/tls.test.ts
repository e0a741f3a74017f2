import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { isStatusError } from "@drawbar/grpc";
import { selfSigned } from "@drawbar/x509/self-signed";
import { type LaunchSettings, PluginClient, type TlsSettings } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, launchFailure, prints, recordingLogger } from "./support/launch-node.ts";
import { hostEnv, runProgram } from "./support/run-plugin.ts";
import { collectingSink } from "./support/sink.ts";

interface Identity {
  readonly cert: string;
  readonly key: string;
}

function identity(): Identity {
  const { certificatePem, privateKey } = selfSigned({ curve: "P-256" });
  return { cert: certificatePem, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

// Of the plugin's side.
const handshakeTimeoutMs = 10_000;

const [host, plugin, stranger] = [identity(), identity(), identity()];

// The plugin's `tls`; the fixture reads it from its environment.
function serving(tls: TlsSettings): Pick<LaunchSettings, "cmd" | "env"> {
  return { cmd: fixture("tls-plugin"), env: { SERVE_TLS: JSON.stringify(tls) } };
}

function launch(settings: Pick<LaunchSettings, "cmd" | "env" | "tls" | "autoMtls">) {
  return PluginClient.launch({ handshake, plugins, ...settings });
}

async function echo(client: PluginClient<typeof plugins>): Promise<string> {
  return (await client.dispense("probe")).echo("over TLS");
}

describe("TLS with certificates of one's own", () => {
  it("is mutual where both sides have a certificate and check the other's", async () => {
    await using client = await launch({
      ...serving({ ...plugin, ca: host.cert }),
      tls: { ...host, ca: plugin.cert },
    });
    assert.equal(await echo(client), "over TLS");
  });

  it("needs no certificate of the host where the plugin checks none", async () => {
    await using client = await launch({ ...serving(plugin), tls: { ca: plugin.cert } });
    assert.equal(await echo(client), "over TLS");
  });

  it("refuses a plugin with another certificate", async () => {
    const error = await launchFailure({ ...serving(plugin), tls: { ca: stranger.cert } });
    assert.equal(error.code, "tls-failed");
    assert.match(error.message, /do not trust each other: TLS handshake failed: /);
  });

  for (const [title, own] of [
    ["another certificate", stranger],
    ["no certificate", {}],
  ] as const) {
    it(`lets no host with ${title} make a call`, async () => {
      await using client = await launch({
        ...serving({ ...plugin, ca: host.cert }),
        tls: { ...own, ca: plugin.cert },
      });
      await assert.rejects(
        echo(client),
        (error) => isStatusError(error) && error.statusName === "UNAVAILABLE",
      );
    });
  }

  it("is not spoken with a host that does not ask for it", async () => {
    await using client = await launch(serving(plugin));
    await assert.rejects(echo(client), (error) => isStatusError(error) && error.statusName === "UNAVAILABLE");
  });

  it("lets a peer go that ends in the middle of the handshake, and does not wait for the handshake's time", async () => {
    await using client = await launch({ ...serving(plugin), tls: { ca: plugin.cert } });
    const { Addr } = client.reattachConfig();
    const socket = connect({ path: Addr.String, allowHalfOpen: true });
    // The beginning of a TLS record.
    socket.end(Uint8Array.of(0x16, 0x03, 0x01));
    const begun = performance.now();
    socket.resume();
    await once(socket, "end");
    assert.ok(performance.now() - begun < handshakeTimeoutMs);
    assert.equal(await echo(client), "over TLS");
  });

  it("excludes AutoMTLS, on either side", async () => {
    await assert.rejects(launch({ cmd: fixture("probe-plugin"), tls: { ca: plugin.cert }, autoMtls: true }), {
      code: "plugin-config-invalid",
      message: /tls and autoMtls exclude each other/,
    });
    const refused = await launchFailure({ ...serving(plugin), autoMtls: true });
    assert.equal(refused.code, "plugin-exited-early");
    assert.match(
      refused.message,
      /the host asks for AutoMTLS \(PLUGIN_CLIENT_CERT\) and this plugin serves with TLS/,
    );
  });

  it("needs what each side cannot do without", async () => {
    await assert.rejects(launch({ cmd: fixture("probe-plugin"), tls: host }), {
      code: "plugin-config-invalid",
      message: /tls\.ca must say which plugins to trust/,
    });
    await assert.rejects(
      launch({ cmd: fixture("probe-plugin"), tls: { ...host, key: plugin.key, ca: "" } }),
      {
        code: "plugin-config-invalid",
        message: /`tls` cannot be used: .*key/,
      },
    );
    const program = runProgram(fixture("tls-plugin"), { ...hostEnv, SERVE_TLS: "{}" });
    assert.match((await program.exited).stderr, /must have a certificate and its key/);
  });
});

describe("a private key", () => {
  it("is in no log, output, file or error", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    const { logger, entries } = recordingLogger();
    const stderr = collectingSink();
    const watched = { handshake, plugins, logger, stderr, pluginLogLevel: "trace" } as const;
    const own = serving({ ...plugin, ca: host.cert });
    const env = { ...own.env, TMPDIR: folder };
    const files: string[] = [];
    for (const secured of [
      { tls: { ...host, ca: plugin.cert } },
      { autoMtls: true, cmd: fixture("probe-plugin") },
    ]) {
      const client = await PluginClient.launch({ ...watched, ...own, env, ...secured });
      assert.equal(await echo(client), "over TLS");
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) files.push(entry.name);
      }
      await client.kill();
    }
    const failed = await launchFailure({ ...watched, ...own, env, tls: { ...host, ca: stranger.cert } });
    const said = JSON.stringify(entries) + stderr.text() + inspect(failed, { depth: 20 });
    for (const { key } of [host, plugin]) assert.ok(!said.includes(key.split("\n")[1] ?? ""));
    assert.doesNotMatch(said, /PRIVATE KEY/);
    assert.deepEqual(files, []);
    rmSync(folder, { recursive: true });
  });
});

describe("AutoMTLS", () => {
  it("secures calls, and makes a certificate for one start alone", async () => {
    const certificates = new Set<string>();
    for (let start = 0; start < 2; start++) {
      await using client = await launch({ cmd: fixture("probe-plugin"), autoMtls: true });
      assert.equal(await echo(client), "over TLS");
      certificates.add(await (await client.dispense("probe")).act("env PLUGIN_CLIENT_CERT"));
    }
    assert.equal(certificates.size, 2);
    for (const certificate of certificates)
      assert.match(certificate, /^-----BEGIN CERTIFICATE-----\n[^-]*-----END/);
  });

  it("announces a certificate only to a host that sent its own", async () => {
    const plain = runProgram(fixture("probe-plugin"), hostEnv);
    assert.match((await plain.firstLine) ?? "", /^1\|1\|unix\|[^|]+\|grpc\|$/);
    plain.child.kill();
    await plain.exited;
  });

  const line = (cert: string): [string, ...string[]] => prints(`1|1|unix|/nowhere|grpc|${cert}`);
  const der = Buffer.from(plugin.cert.replace(/-----[^-]+-----|\n/g, ""), "base64");

  it("is refused where the plugin sends no certificate", async () => {
    const error = await launchFailure({ cmd: line(""), autoMtls: true });
    assert.equal(error.code, "server-cert-missing");
    assert.match(error.message, /the host asked for AutoMTLS and the plugin sent no certificate/);
  });

  it("is refused where the plugin sends half a certificate", async () => {
    const half = der
      .subarray(0, der.length / 2)
      .toString("base64")
      .replace(/=+$/, "");
    const error = await launchFailure({ cmd: line(half), autoMtls: true });
    assert.equal(error.code, "server-cert-invalid");
    assert.match(error.message, /^error parsing server cert: /);
  });

  it("that the host did not ask for is an error, and not a crash as upstream", async () => {
    const error = await launchFailure({ cmd: line(der.toString("base64").replace(/=+$/, "")) });
    assert.equal(error.code, "server-cert-unexpected");
    assert.match(error.message, /the plugin sent a certificate, so it expects TLS/);
  });
});
