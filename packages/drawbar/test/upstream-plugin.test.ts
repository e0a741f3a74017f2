import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, describe, it } from "node:test";
import { selfSigned } from "@drawbar/x509/self-signed";
import { type LaunchSettings, PluginClient, type ReattachConfig, type TlsSettings } from "drawbar";
import { overGrpc } from "./fixtures/upstream/over-grpc.ts";
import { overNetRpc } from "./fixtures/upstream/over-netrpc.ts";
import { handshake, versionedHandshake } from "./fixtures/upstream/test-interface.ts";
import { ChildRunner } from "./support/child-runner.ts";
import { fixture, launchFailure, moduleFixture, recordingLogger } from "./support/launch-node.ts";
import { hostEnv } from "./support/run-plugin.ts";
import { collectingSink } from "./support/sink.ts";

// Counterparts of go-plugin's tests of a plugin that is a process, with those modes of the helper that serve. A title
// begins with the names of upstream's tests that it stands for.

const { certificatePem: cert, privateKey } = selfSigned({ curve: "P-256" });
const own: TlsSettings = { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };

type Settings = Partial<Omit<LaunchSettings, "cmd" | "env">>;

function helper(mode: string, ...args: string[]) {
  return { cmd: fixture("upstream/helper", mode, ...args), env: { HELPER_TLS: JSON.stringify(own) } };
}

function launchGrpc(mode: string, settings: Settings = {}) {
  return PluginClient.launch({ handshake, plugins: overGrpc, ...helper(mode), ...settings });
}

function launchNetRpc(mode: string, settings: Settings = {}) {
  return PluginClient.launch({ handshake, plugins: overNetRpc, ...helper(mode), ...settings });
}

const inOrder = { exitCode: 0, signal: undefined };

/** Ends a plugin from outside, and sees that whoever waits for that learns it. */
async function crash(
  client: Pick<PluginClient, "pid" | "exited" | "signal">,
  signal: AbortSignal = client.signal,
): Promise<void> {
  process.kill(client.pid, "SIGKILL");
  assert.deepEqual(await client.exited, { exitCode: undefined, signal: "SIGKILL" });
  assert.ok(signal.aborted);
}

describe("a plugin over gRPC", () => {
  it("TestClient_grpc, TestClient_grpcSyncStdio: is called, has its output passed on, and ends in order", async () => {
    const [syncStdout, syncStderr] = [collectingSink(), collectingSink()];
    const client = await launchGrpc("test-grpc", { syncStdout, syncStderr, allowedProtocols: ["grpc"] });
    assert.equal(client.protocol, "grpc");
    assert.notEqual(client.reattachConfig().Pid, 0);
    const test = await client.dispense("test");
    assert.equal(await test.double(21), 42);
    await test.printStdio("hello\nworld!", "and some error\n messages!");
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
    assert.equal(syncStdout.text(), "hello\nworld!");
    assert.equal(syncStderr.text(), "and some error\n messages!");
  });

  it("TestClient_noStdoutScannerRace, TestClient_grpcSyncStdio: may have a runner that knows of its end before its stdout is read", async () => {
    const { logger, entries } = recordingLogger();
    const [syncStdout, syncStderr] = [collectingSink(), collectingSink()];
    const client = await PluginClient.launch({
      handshake,
      plugins: overGrpc,
      runner: (spec) => {
        const runner = new LateStdoutRunner(helper("test-grpc").cmd, spec);
        const seen = join(spec.socketDir, "..", runner.inside);
        symlinkSync(spec.socketDir, seen);
        after(() => rmSync(seen, { force: true }));
        return runner;
      },
      logger,
      syncStdout,
      syncStderr,
    });
    await (await client.dispense("test")).printStdio("hello\nworld!", "and some error\n messages!");
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
    assert.equal(syncStdout.text(), "hello\nworld!");
    assert.equal(syncStderr.text(), "and some error\n messages!");
    assert.deepEqual(
      entries.filter(({ level }) => level === "error"),
      [],
    );
  });

  it("TestClient_grpcNotAllowed: is refused by a host that allows net/rpc alone", async () => {
    const error = await launchFailure({
      handshake,
      plugins: overNetRpc,
      ...helper("test-grpc"),
      allowedProtocols: ["netrpc"],
    });
    assert.equal(error.code, "protocol-not-allowed");
    assert.match(error.message, /^unsupported plugin protocol "grpc"\. Supported: \[netrpc\]/);
  });

  it("TestClient_reattachGRPC: is attached to by its process's number or through a runner, and ended in order", async () => {
    const first = await launchGrpc("test-grpc");
    const config = first.reattachConfig();
    const second = await PluginClient.reattach(config, { handshake, plugins: overGrpc });
    assert.equal(await (await second.dispense("test")).double(21), 42);
    await second.detach();
    const runner = {
      id: String(first.pid),
      wait: () => first.exited,
      kill: () => assert.fail("it ends in order"),
    };
    const third = await PluginClient.reattach(
      { ...config, Pid: 0 },
      { handshake, plugins: overGrpc, runner },
    );
    assert.equal(await (await third.dispense("test")).double(21), 42);
    await third.kill();
    assert.deepEqual([await third.exited, await first.exited], [inOrder, inOrder]);
  });

  it("TestClient_TLS_grpc: is called over TLS", async () => {
    const client = await launchGrpc("test-grpc-tls", { tls: { ca: cert } });
    assert.equal(await (await client.dispense("test")).double(21), 42);
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
  });
});

describe("a plugin over net/rpc", () => {
  const options = { handshake, plugins: overNetRpc };

  it("TestClient_testInterface, TestClient_ping, TestClient_reattach, TestClient_reattachNoProtocol: is called and pinged until it ends, in order, by hosts that attach to it too", async () => {
    const client = await launchNetRpc("test-interface", { allowedProtocols: ["netrpc"] });
    assert.equal(await (await client.dispense("test")).double(21), 42);
    await client.ping();
    const config = client.reattachConfig();
    const { Protocol: _, ...withoutProtocol } = config;
    for (const text of [config, withoutProtocol].map((value) => JSON.stringify(value))) {
      const attached = await PluginClient.reattach(text, options);
      assert.equal(await (await attached.dispense("test")).double(21), 42);
      await attached.detach();
    }
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
    await assert.rejects(client.ping(), /was ended by its host/);
  });

  it("TestClient_testCleanup: cleans up before it ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "output");
    const { logger, entries } = recordingLogger();
    const client = await PluginClient.launch({
      handshake,
      plugins: overNetRpc,
      ...helper("cleanup", path),
      logger,
    });
    await client.kill();
    assert.ok(existsSync(path));
    assert.deepEqual(
      entries.filter(({ level }) => level === "error"),
      [],
    );
  });

  it("TestClient_testInterfaceReattach: in a session of its own is attached to, tells the same to the next host, and ends", async () => {
    const [node, ...args] = helper("test-interface-daemon").cmd;
    const { magicCookieKey, magicCookieValue } = handshake;
    const env = { ...hostEnv, [magicCookieKey]: magicCookieValue };
    const daemon = spawn(node, args, { detached: true, env, stdio: ["ignore", "pipe", "ignore"] });
    const exited = once(daemon, "exit");
    const [line]: Buffer[] = await once(daemon.stdout, "data");
    const [, version, Network, path = ""] = String(line).split("|");
    assert.deepEqual([version, Network], ["1", "unix"]);
    const config: ReattachConfig = {
      Protocol: "netrpc",
      ProtocolVersion: 1,
      Pid: daemon.pid ?? 0,
      Test: false,
      Addr: { Network: "unix", String: path },
    };
    const client = await PluginClient.reattach(config, { handshake, plugins: overNetRpc });
    assert.equal(await (await client.dispense("test")).double(21), 42);
    assert.deepEqual(client.reattachConfig(), config);
    await client.kill();
    assert.deepEqual(await exited, [0, null]);
  });

  it("TestClient_TLS: is called over TLS, and not by a host without", async () => {
    const client = await launchNetRpc("test-interface-tls", { tls: { ca: cert } });
    assert.equal(await (await client.dispense("test")).double(21), 42);
    const without = await PluginClient.reattach(client.reattachConfig(), options);
    await assert.rejects(without.dispense("test"));
    await without.detach();
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
  });

  it("TestClient_mtlsNetRPCClient: is called over AutoMTLS, and learnt to be over", async () => {
    const client = await launchNetRpc("test-interface-mtls", {
      handshake: versionedHandshake,
      autoMtls: true,
    });
    assert.equal(await (await client.dispense("test")).double(3), 6);
    await crash(client);
  });
});

describe("a plugin's log", () => {
  it("TestClient_logger: reaches the host's, with fields that are text or numbers (netrpc)", async () => {
    const { logger, entries } = recordingLogger();
    const client = await launchNetRpc("test-interface-logger-netrpc", { logger });
    const test = await client.dispense("test");
    await test.printKv("foo", "bar");
    await test.printKv("foo", 12);
    await client.kill();
    assert.deepEqual(await client.exited, inOrder);
    const said = entries.filter(({ message }) => message === "PrintKV called");
    assert.deepEqual(
      said.map(({ level, fields }) => [level, fields["foo"]]),
      [
        ["info", "bar"],
        ["info", 12],
      ],
    );
  });

  it("TestClient_logger, TestServerLogPanic, TestClient_grpc_servercrash: reaches the host's, a panic as an error to its last line (grpc)", async () => {
    const { logger, entries } = recordingLogger();
    // As its modules are: what node says of a fault shows the line that it is in, which in one file is the program.
    const cmd = moduleFixture("upstream/helper", "test-interface-logger-grpc");
    const client = await PluginClient.launch({ handshake, plugins: overGrpc, cmd, logger });
    const test = await client.dispense("test");
    await test.printKv("foo", "bar");
    await test.printKv("foo", 12);
    await assert.rejects(test.panic("invalid foo bar"), { statusName: "UNAVAILABLE" });
    await client.exited;
    assert.ok(test.signal.aborted);
    const said = entries.filter(({ message }) => message === "PrintKV called");
    assert.deepEqual(
      said.map(({ fields }) => fields["foo"]),
      ["bar", 12],
    );
    const begin = entries.findIndex(({ message }) => message === "panic: Error: invalid foo bar");
    // Of the plugin itself, and not of its host.
    const lines = entries.slice(begin).filter(({ logger: name }) => name === "node");
    assert.ok(begin >= 0 && lines.length >= 5, lines.map(({ message }) => message).join("\n"));
    assert.deepEqual([...new Set(lines.map(({ level }) => level))], ["error"]);
  });
});

describe("a plugin's version", () => {
  it("TestClient_legacyClient: is the old one for a host that has no other, over net/rpc", async () => {
    await using client = await PluginClient.launch({
      handshake: versionedHandshake,
      versionedPlugins: { 1: overNetRpc },
      ...helper("test-proto-upgraded-plugin"),
      killTimeoutMs: 1,
    });
    assert.deepEqual([client.version, client.protocol], [1, "netrpc"]);
    // It speaks TLS, and the host does not.
    await assert.rejects(client.ping());
  });

  it("TestClient_legacyServer: is its only one for a host whose sets have versions", async () => {
    await using client = await PluginClient.launch({
      handshake: versionedHandshake,
      versionedPlugins: { 2: overGrpc },
      ...helper("test-proto-upgraded-client"),
      killTimeoutMs: 1,
    });
    assert.equal(client.version, 2);
    await assert.rejects(client.ping());
  });

  it("TestClient_versionedClient: is the one that both have", async () => {
    const client = await PluginClient.launch({
      handshake: versionedHandshake,
      versionedPlugins: { 2: overGrpc },
      ...helper("test-versioned-plugins"),
    });
    assert.deepEqual([client.version, client.protocol], [2, "grpc"]);
    await crash(client, (await client.dispense("test")).signal);
  });

  it("TestClient_mtlsClient, TestServer_testMode_AutoMTLS: may go with AutoMTLS, through brokers too", async () => {
    const client = await PluginClient.launch({
      handshake: versionedHandshake,
      versionedPlugins: { 2: overGrpc },
      ...helper("test-mtls"),
      autoMtls: true,
    });
    assert.deepEqual([client.version, client.protocol], [2, "grpc"]);
    await client.ping();
    const test = await client.dispense("test");
    assert.equal(await test.double(3), 6);
    await test.bidirectional();
    await crash(client, test.signal);
  });
});

/** A runner that tells of its plugin's end before it lets the end of its stdout be read. */
class LateStdoutRunner extends ChildRunner {
  override get stdout(): Readable {
    return Readable.from(this.#late(super.stdout));
  }

  async *#late(stdout: Readable): AsyncGenerator<Uint8Array> {
    yield* stdout;
    await this.wait();
  }
}
