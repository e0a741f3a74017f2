import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { builtExample, example, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

const grpc = { KV_PROTO: "grpc" };

describe("go-plugin's examples/grpc", () => {
  let goHost = "";
  let goPlugin = "";
  before(async () => {
    goHost = await peerPath("goplugin-examples", "grpc-host");
    goPlugin = await peerPath("goplugin-examples", "grpc-plugin");
  });

  it("its host stores and reads a value through our plugin", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: example("kv/plugin-grpc") };
    const put = await runProgram([goHost, "put", "hello", "world"], folder.path, env);
    assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
    const get = await runProgram([goHost, "get", "hello"], folder.path, env);
    assert.deepEqual([get.code, get.stdout], [0, "world\n\nWritten from plugin-ts-grpc\n"], get.stderr);
  });

  it("its host ends our plugin in order: by the controller, not by a signal", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: `exec ${builtExample("kv/plugin-grpc")}` };
    const { stderr } = await runProgram([goHost, "put", "hello", "world"], folder.path, env);
    assert.match(stderr, /\[INFO\] {2}plugin: plugin process exited/);
    assert.doesNotMatch(stderr, /\[(WARN|ERROR)\]/);
  });

  it("its host gets our plugin's log lines at their level", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: builtExample("kv/plugin-grpc") };
    const { stderr } = await runProgram([goHost, "put", "hello", "world"], folder.path, env);
    assert.match(stderr, /\[INFO\] {2}plugin\.sh: stored: (?=.*bytes=5)(?=.*key=hello)/);
  });

  it("its host prints the error of a failed call", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: builtExample("kv/plugin-grpc") };
    const get = await runProgram([goHost, "get", "nothing"], folder.path, env);
    assert.equal(get.code, 1);
    assert.match(get.stdout, /^error: rpc error: code = Unknown desc = .*kv_nothing/);
  });

  it("our host stores and reads a value through its plugin", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: goPlugin };
    const put = await runProgram([example("kv/host"), "put", "hello", "world"], folder.path, env);
    assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
    const get = await runProgram([builtExample("kv/host"), "get", "hello"], folder.path, env);
    assert.equal(get.code, 0, get.stderr);
    assert.equal(get.stdout, "world\n\nWritten from plugin-go-grpc\n");
  });

  it("either host prints the same error when a Go plugin's call fails", async () => {
    using folder = scratchFolder();
    const env = { ...grpc, KV_PLUGIN: goPlugin };
    const ours = await runProgram([builtExample("kv/host"), "get", "nothing"], folder.path, env);
    const theirs = await runProgram([goHost, "get", "nothing"], folder.path, env);
    assert.deepEqual([ours.code, ours.stdout], [theirs.code, theirs.stdout]);
    assert.match(ours.stdout, /no such file/);
  });
});

describe("go-plugin's examples/negotiated", () => {
  for (const [version, env] of [
    [3, grpc],
    [2, { KV_PROTO: "netrpc" }],
  ] as const) {
    it(`its host, which asks for version ${version}, gets it of our plugin over ${env.KV_PROTO}`, async () => {
      using folder = scratchFolder();
      const goHost = await peerPath("goplugin-examples", "negotiated-host");
      symlinkSync(example("negotiated/plugin"), join(folder.path, "kv-plugin"));
      const put = await runProgram([goHost, "put", "hello", "world"], folder.path, env);
      assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
      const get = await runProgram([goHost, "get", "hello"], folder.path, env);
      const notes = `Written from plugin version ${version}\nRead by plugin version ${version}\n`;
      assert.equal(get.stdout, `world\n\n${notes}\n`);
    });
  }

  it("our host, which knows versions 2 to 4, agrees with its plugin on 3 and with ours on 4", async () => {
    using folder = scratchFolder();
    const host = example("negotiated/host");
    const env = { KV_PLUGIN: await peerPath("goplugin-examples", "negotiated-plugin") };
    const put = await runProgram([host, "put", "hello", "world"], folder.path, env);
    assert.match(put.stderr, /agreed on version 3/);
    const get = await runProgram([host, "get", "hello"], folder.path);
    assert.match(get.stderr, /agreed on version 4/);
    assert.equal(get.stdout, "world\n\nWritten from plugin version 3\nRead by plugin version 4\n\n");
  });
});
