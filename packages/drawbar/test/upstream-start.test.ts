import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { cleanupClients, type LaunchSettings, PluginClient, type ReattachConfig, serveTest } from "drawbar";
import { overGrpc, servedOverGrpc } from "./fixtures/upstream/over-grpc.ts";
import { overNetRpc } from "./fixtures/upstream/over-netrpc.ts";
import { handshake } from "./fixtures/upstream/test-interface.ts";
import { fixture, launchFailure, recordingLogger } from "./support/launch-node.ts";
import { collectingSink } from "./support/sink.ts";

// Counterparts of go-plugin's tests of a start, with those modes of the helper that serve nothing. A title begins with
// the names of upstream's tests that it stands for.

const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
after(() => rmSync(folder, { recursive: true }));

type Settings = Partial<Omit<LaunchSettings, "cmd">>;

function startFailure(cmd: [string, ...string[]], settings: Settings = {}) {
  return launchFailure({ handshake, plugins: overNetRpc, cmd, ...settings });
}

/** How a plugin ended that was started and then ended by itself. */
async function endOf(mode: string, settings: Settings = {}) {
  const cmd = fixture("upstream/helper", mode);
  const client = await PluginClient.launch({ handshake, plugins: overNetRpc, cmd, ...settings });
  return client.exited;
}

const inOrder = { exitCode: 0, signal: undefined };

describe("a start that fails", () => {
  it("TestClient: because nobody answers at the plugin's address ends it and tells the address", async () => {
    const error = await startFailure(fixture("upstream/helper", "mock"));
    assert.equal(error.code, "dial-failed");
    assert.match(error.message, /^nobody answers at 127\.0\.0\.1:1, where the plugin said it serves/);
    assert.equal(error.facts["signal"], "SIGTERM");
  });

  it("TestClientStart_badVersion, TestClient_killStart: for its version leaves nothing that a kill would start", async () => {
    const booted = join(folder, "booted");
    const error = await startFailure(fixture("upstream/helper", "bad-version", booted), { managed: true });
    assert.equal(error.code, "app-version-incompatible");
    assert.match(error.message, /^incompatible API version .* Plugin version: 11, Client versions: \[1\]/);
    rmSync(booted);
    await cleanupClients();
    assert.equal(existsSync(booted), false);
  });

  it("because the plugin prints no handshake shows what it printed (mode invalid-rpc-address)", async () => {
    const error = await startFailure(fixture("upstream/helper", "invalid-rpc-address"));
    assert.equal(error.code, "handshake-unrecognized");
    assert.match(error.message, /^Unrecognized remote plugin message: lolinvalid\n/);
  });

  it("TestClient_Start_Timeout: because the plugin prints nothing in time ends it", async () => {
    const clock = new ManualClock();
    const { logger } = recordingLogger(({ message }) => {
      if (message === "started") clock.advance(50);
    });
    const cmd = fixture("upstream/helper", "start-timeout");
    const error = await startFailure(cmd, { startTimeoutMs: 50, clock, logger });
    assert.equal(error.code, "start-timeout");
    assert.match(error.message, /^timeout while waiting for plugin to start: no handshake line within 50 ms/);
  });

  for (const mode of ["mux-grpc-with-old-plugin", "mux-grpc-with-unsupported-plugin"]) {
    it(`TestClient_RequestGRPCMultiplexing_UnsupportedByPlugin: for want of multiplexing says so (${mode})`, async () => {
      const cmd = fixture("upstream/helper", mode);
      const error = await launchFailure({ handshake, plugins: overGrpc, cmd, grpcBrokerMultiplex: true });
      assert.equal(error.code, "multiplex-not-supported");
      assert.match(
        error.message,
        /^client requested gRPC broker multiplexing but plugin does not support the feature/,
      );
    });
  }
});

describe("a plugin that ends by itself once it is started", () => {
  it("TestClient_Stderr: has what it wrote to stderr passed on as it is", async () => {
    const stderr = collectingSink();
    assert.deepEqual(await endOf("stderr", { stderr }), inOrder);
    assert.equal(stderr.text(), "HELLO\nWORLD\n");
  });

  it("TestClient_StderrJSON: has JSON that is not hclog's logged as the text that it is", async () => {
    const { logger, entries } = recordingLogger();
    assert.deepEqual(await endOf("stderr-json", { logger }), inOrder);
    for (const line of ['["HELLO"]', "12345", '{"a":1}']) {
      assert.equal(entries.find(({ message }) => message === line)?.level, "debug", line);
    }
  });

  it("TestClient_textLogLevel: has a line with a level in brackets logged at that level", async () => {
    const { logger, entries } = recordingLogger();
    assert.deepEqual(await endOf("level-warn-text", { logger }), inOrder);
    assert.equal(entries.find(({ message }) => message.includes("test line 98765"))?.level, "warn");
  });

  for (const [skipHostEnv, mode] of [
    [true, "test-skip-host-env-true"],
    [false, "test-skip-host-env-false"],
  ] as const) {
    it(`TestClient_SkipHostEnv: sees ${skipHostEnv ? "none" : "all"} of its host's environment`, async () => {
      process.env["PLUGIN_TEST_SKIP_HOST_ENV"] = "foo";
      after(() => delete process.env["PLUGIN_TEST_SKIP_HOST_ENV"]);
      assert.deepEqual(await endOf(mode, { skipHostEnv }), inOrder);
    });
  }

  it("TestClient_Stdin: reads from its host's stdin", async () => {
    const [node, host = ""] = fixture("upstream/stdin-host");
    const child = spawn(node, [host], { stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.write("hello");
    assert.equal(await text(child.stdout), "exit code 0\n");
  });
});

describe("options", () => {
  const config: ReattachConfig = {
    Protocol: "netrpc",
    ProtocolVersion: 1,
    Pid: 1,
    Test: false,
    Addr: { Network: "unix", String: "/nowhere" },
  };

  for (const [title, settings, message] of [
    [
      "TestClient_cmdAndReattach: of a start and of attaching exclude each other",
      { cmd: fixture("upstream/helper", "start-timeout") },
      /^exactly one of cmd, runner and a reattach config must be set/,
    ],
    [
      "TestClient_secureConfigAndReattach: cannot have a running plugin's program checked",
      { secureConfig: { checksum: "00", hash: "sha256" } },
      /^only one of Reattach or SecureConfig can be set/,
    ],
    [
      "cannot have an attached plugin multiplex",
      { grpcBrokerMultiplex: true },
      /^gRPC broker multiplexing is not supported with Reattach config/,
    ],
  ] as const) {
    it(title, async () => {
      const options = { handshake, plugins: overNetRpc, ...settings };
      await assert.rejects(PluginClient.reattach(config, options), {
        code: "plugin-config-invalid",
        message,
      });
    });
  }
});

describe("a plugin's sockets", () => {
  const gid = process.getgid?.() ?? 0;
  const ownGroups = [
    ["as integer", String(gid)],
    ["as name", execFileSync("id", ["-gn"]).toString().trim()],
  ] as const;

  for (const [form, group] of ownGroups) {
    it(`TestSetGroup: get a folder of the group that the host wants (${form})`, async () => {
      const seen = new Error("seen");
      const launching = PluginClient.launch({
        handshake,
        plugins: overNetRpc,
        unixSocket: { dir: folder, group },
        runner: ({ env, socketDir }) => {
          const { mode, gid: owner } = statSync(socketDir);
          assert.deepEqual([dirname(socketDir), mode & 0o777, owner], [folder, 0o770, gid]);
          assert.equal(env["PLUGIN_UNIX_SOCKET_DIR"], socketDir);
          assert.equal(env["PLUGIN_UNIX_SOCKET_GROUP"], group);
          throw seen;
        },
      });
      await assert.rejects(launching, (error) => error === seen);
    });

    it(`TestUnixSocketGroupPermissions: may be used by that group (${form})`, async () => {
      const { mode, gid: owner } = await socketWith({ PLUGIN_UNIX_SOCKET_GROUP: group });
      assert.deepEqual([mode & 0o777, owner], [0o660, gid]);
    });
  }

  it("TestUnixSocketDir: are in the folder that the host wants", async () => {
    const { path } = await socketWith({ PLUGIN_UNIX_SOCKET_DIR: folder });
    assert.ok(path.startsWith(`${folder}/`), path);
  });
});

/** The socket that a plugin serves on, in this process, in an environment with `variables`. */
async function socketWith(variables: Record<string, string>) {
  Object.assign(process.env, variables);
  try {
    await using serving = await serveTest({ handshake, plugins: servedOverGrpc });
    const path = serving.reattachConfig.Addr.String;
    const { mode, gid } = statSync(path);
    return { path, mode, gid };
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}
