import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { PluginClient, PluginExitedError, PluginStartError } from "drawbar";
import { GoHost } from "../go-host.ts";
import { collector } from "../observe.ts";
import { handshake } from "../probe.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Cases } from "./capabilities.ts";
import type { OurHostLab, Running } from "./our-host-lab.ts";
import { rejection, until } from "./rejection.ts";
import { attach, ownProcess, printedConfig } from "./running-plugin.ts";
import { staticTls } from "./static-tls.ts";

type Lab = OurHostLab<Running>;

/** What our host does with a plugin on go-plugin in the same way over either transport. */
export const ourHostCases: Cases<Lab> = {
  async start(lab) {
    const { client, echo } = await lab.shared();
    assert.deepEqual([client.protocol, client.version], [lab.wiring.transport, 1]);
    assert.deepEqual(Buffer.from(await echo(Buffer.from("hello"))), Buffer.from("hello"));
  },

  async ping(lab) {
    await (await lab.shared()).client.ping({ timeoutMs: 30_000 });
  },

  async concurrent(lab) {
    const { do: act, echo } = await lab.shared();
    const slow = act("sleep 100");
    const values = Array.from({ length: 100 }, (_, index) => Buffer.alloc(index * 500, index));
    const echoed = await Promise.all(values.map(echo));
    assert.deepEqual(
      echoed.map((value) => Buffer.from(value)),
      values,
    );
    assert.equal(await slow, "done");
  },

  async versions(lab) {
    const { plugins } = lab.wiring;
    const versionedPlugins = { 2: plugins, 4: plugins, 5: plugins };
    const cmd = await lab.command(["-versions", "3,4,2,7"]);
    await using client = await PluginClient.launch({ handshake, versionedPlugins, cmd });
    assert.equal(client.version, 4);
    await client.ping();
  },

  async "no-version"(lab) {
    const cmd = await lab.command(["-versions", "9,8"]);
    const launching = PluginClient.launch({ handshake, versionedPlugins: { 3: lab.wiring.plugins }, cmd });
    const error = await rejection(launching, PluginStartError);
    assert.equal(error.code, "app-version-incompatible");
    assert.match(
      error.message,
      /incompatible API version with plugin\. Plugin version: 8, Client versions: \[3\]/,
    );
  },

  async cookie(lab) {
    const error = await lab.refusal({ handshake: { ...handshake, magicCookieValue: "goodbye" } });
    assert.ok(error instanceof PluginStartError);
    assert.match(error.message, /This binary is a plugin/);
  },

  async environment(lab) {
    const { do: act } = await lab.shared();
    assert.equal(await act("env CONFORMANCE"), "of the host's");
    assert.equal(await act("env PLUGIN_MIN_PORT"), "10000");
  },

  async unix(lab) {
    const { client } = await lab.shared();
    assert.equal(client.reattachConfig().Addr.Network, "unix");
  },

  async tcp(lab) {
    const { client } = await lab.shared();
    assert.equal(client.reattachConfig().Addr.Network, "tcp");
  },

  async stdio(lab) {
    const [stdout, stderr] = [collector(), collector()];
    await using running = await lab.launch({ syncStdout: stdout, syncStderr: stderr });
    await running.do("stdout on the way out");
    await running.do("stderr on the way down");
    await running.do(`stdout ${"x".repeat(1_000_000)}`, { timeoutMs: lab.patienceMs });
    // Over gRPC go-plugin drops at Shutdown what it has not sent yet, so it is given the time first.
    await until(async () => stdout.text().length > 1_000_000, lab.patienceMs);
    await running.client.kill();
    assert.equal(stdout.text(), `on the way out\n${"x".repeat(1_000_000)}\n`);
    assert.equal(stderr.text(), "on the way down\n");
  },

  async logs(lab) {
    const { do: act } = await lab.shared();
    await act("warn watch out");
    const entry = await lab.log.until(({ message }) => message === "watch out");
    assert.deepEqual([entry.level, entry.fields["from"], entry.fields["number"]], ["warn", "probe", 7]);
  },

  async "auto-mtls"(lab) {
    const { do: act, echo } = await lab.shared({ autoMtls: true });
    assert.match(await act("env PLUGIN_CLIENT_CERT"), /^-----BEGIN CERTIFICATE-----\n/);
    const big = Buffer.alloc(3_000_000, 7);
    assert.ok(big.equals(await echo(big)));
    await using asGo = await lab.launch({ autoMtls: { curve: "P-521" } });
    assert.equal(await asGo.do("sleep 0"), "done");
  },

  async tls(lab) {
    using folder = scratchFolder();
    const tls = staticTls(folder.path);
    await using running = await lab.launch({ tls }, ["-tls", folder.path]);
    await running.client.ping();
    assert.equal(await running.do("sleep 0"), "done");
  },

  async checksum(lab) {
    const [program] = await lab.command();
    const checksum = createHash("sha256").update(readFileSync(program)).digest();
    const secureConfig = { checksum, hash: "sha256" };
    await using running = await lab.launch({ secureConfig });
    assert.equal(await running.do("sleep 0"), "done");
    const error = await lab.refusal({ secureConfig: { ...secureConfig, checksum: Buffer.alloc(32) } });
    assert.match(String(error), /checksums did not match/);
  },

  async reattach(lab) {
    using folder = scratchFolder();
    const command = await lab.command();
    await using host = await GoHost.launch(lab.release, command, folder.path, [], lab.wiring.transport);
    const running = await attach(lab, (await host.ask({ op: "reattach" })) as object);
    assert.equal(await running.do("sleep 0"), "done");
    const hanging = rejection(running.do("sleep 60000"), Error);
    await running.client.kill();
    await hanging;
    await until(async () => (await host.ask({ op: "exited" })) === true);
  },

  async "test-mode"(lab) {
    using child = ownProcess(await lab.command(["-test", "-versions", "4"]));
    const config = await printedConfig(child);
    assert.deepEqual([config.Test, config.ProtocolVersion, config.Pid], [true, 4, child.pid]);
    for (const _host of ["first", "second"]) {
      const running = await attach(lab, config, 4);
      assert.equal(await running.do("sleep 0"), "done");
      await running.client.kill();
    }
    assert.ok(child.runs());
  },

  async kill(lab) {
    const { client } = await lab.launch();
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  },

  async crash(lab) {
    await using running = await lab.launch();
    const calls = ["sleep 60000", "panic the disk is on fire"].map((line) =>
      rejection(running.do(line), Error),
    );
    await Promise.all(calls);
    assert.deepEqual(await running.client.exited, { exitCode: 2, signal: undefined });
    const { reason } = running.client.signal;
    assert.ok(reason instanceof PluginExitedError);
    assert.equal(reason.exitCode, 2);
    assert.match(reason.stderr.join("\n"), /panic: .*the disk is on fire/);
    await assert.rejects(running.client.ping());
  },
};
