import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { releases } from "./matrix/capabilities.ts";
import { builtExample, example, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

describe("go-plugin's examples/basic", () => {
  it("its host is greeted by our plugin, whose log lines it gets", async () => {
    using folder = scratchFolder();
    const host = await peerPath("goplugin-examples", "basic-host");
    mkdirSync(join(folder.path, "plugin"));
    symlinkSync(example("basic/plugin"), join(folder.path, "plugin/greeter"));
    const { code, stdout, stderr } = await runProgram([host], folder.path);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Hello!$/m);
    assert.match(stdout, /\[DEBUG\] plugin\.greeter: message from the greeter/);
    assert.match(stdout, /\[INFO\] {2}plugin: plugin process exited/);
    assert.doesNotMatch(stdout, /\[(WARN|ERROR)\]/);
  });

  it("our host is greeted by its plugin", async () => {
    using folder = scratchFolder();
    const plugin = await peerPath("goplugin-examples", "basic-plugin");
    const { code, stdout, stderr } = await runProgram([example("basic/host"), plugin], folder.path);
    assert.deepEqual([code, stdout], [0, "Hello!\n"], stderr);
  });
});

describe("go-plugin's examples/grpc over net/rpc", () => {
  let goHost = "";
  let goPlugin = "";
  before(async () => {
    goHost = await peerPath("goplugin-examples", "grpc-host");
    goPlugin = await peerPath("goplugin-examples", "netrpc-plugin");
  });

  it("its host stores and reads a value through our plugin, which it ends in order", async () => {
    using folder = scratchFolder();
    const env = { KV_PROTO: "netrpc", KV_PLUGIN: `exec ${example("kv/plugin-netrpc")}` };
    const put = await runProgram([goHost, "put", "hello", "world"], folder.path, env);
    assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
    assert.match(put.stderr, /\[INFO\] {2}plugin: plugin process exited/);
    assert.doesNotMatch(put.stderr, /\[(WARN|ERROR)\]/);
    const get = await runProgram([goHost, "get", "hello"], folder.path, env);
    assert.deepEqual([get.code, get.stdout], [0, "world\n\nWritten from plugin-ts-netrpc\n"], get.stderr);
  });

  it("its host prints our plugin's error", async () => {
    using folder = scratchFolder();
    const env = { KV_PROTO: "netrpc", KV_PLUGIN: example("kv/plugin-netrpc") };
    const get = await runProgram([goHost, "get", "nothing"], folder.path, env);
    assert.equal(get.code, 1);
    assert.match(get.stdout, /^error: ENOENT: .*kv_nothing/);
  });

  it("our host stores and reads a value through its plugin", async () => {
    using folder = scratchFolder();
    const env = { KV_PROTO: "netrpc", KV_PLUGIN: goPlugin };
    const put = await runProgram([example("kv/host"), "put", "hello", "world"], folder.path, env);
    assert.deepEqual([put.code, put.stdout], [0, ""], put.stderr);
    const get = await runProgram([builtExample("kv/host"), "get", "hello"], folder.path, env);
    assert.equal(get.stdout, "world\n\nWritten from plugin-go-netrpc\n", get.stderr);
  });

  it("either host prints the same error when a Go plugin's call fails", async () => {
    using folder = scratchFolder();
    const env = { KV_PROTO: "netrpc", KV_PLUGIN: goPlugin };
    const ours = await runProgram([builtExample("kv/host"), "get", "nothing"], folder.path, env);
    const theirs = await runProgram([goHost, "get", "nothing"], folder.path, env);
    assert.deepEqual([ours.code, ours.stdout], [theirs.code, theirs.stdout]);
    assert.match(ours.stdout, /no such file/);
  });

  it("our host, which knows both protocols, says so when the plugin speaks the other one", async () => {
    using folder = scratchFolder();
    const env = { KV_PROTO: "grpc", KV_PLUGIN: goPlugin };
    const { code, stdout } = await runProgram([builtExample("kv/host"), "get", "hello"], folder.path, env);
    assert.equal(code, 1);
    assert.match(stdout, /^error: net\/rpc plugin protocol not supported: .*"kv_grpc"/);
  });
});

const workshopLines = "sum: 10\ncounter: 15, 12\nupload: 3000000 bytes\ndownload: 1400000 bytes\n";

describe("examples/netrpc-args, whose arguments and results are services and streams", () => {
  it("works between our host and our plugin", async () => {
    using folder = scratchFolder();
    const { stdout, stderr } = await runProgram([example("netrpc-args/host")], folder.path);
    assert.equal(stdout, workshopLines, stderr);
  });

  for (const release of releases) {
    it(`works with a plugin on go-plugin ${release}`, async () => {
      using folder = scratchFolder();
      const plugin = await peerPath(`goplugin-netrpc-${release}`, "goplugin");
      const command: [string, ...string[]] = [example("netrpc-args/host"), plugin, "plugin"];
      const { stdout, stderr } = await runProgram(command, folder.path);
      assert.equal(stdout, workshopLines, stderr);
    });
  }
});
