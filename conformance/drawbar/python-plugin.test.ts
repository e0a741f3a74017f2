import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isStatusError } from "@drawbar/grpc";
import { type LaunchSettings, PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { handshake, plugins } from "./probe.ts";
import { builtExample, runProgram } from "./run-program.ts";
import { scratchFolder } from "./scratch-folder.ts";

// From conformance/dist/drawbar, where this file runs.
const script = fileURLToPath(new URL("../../peers/python-grpcio/plugin.py", import.meta.url));

describe("a plugin written in Python on grpcio", () => {
  let python = "";
  before(async () => {
    python = await peerPath("python-grpcio", "python");
  });
  const launch = (settings: Partial<LaunchSettings> = {}) =>
    PluginClient.launch({
      handshake,
      plugins: { kv_grpc: plugins.kv_grpc },
      cmd: [python, script],
      env: { PYTHONDONTWRITEBYTECODE: "1" },
      ...settings,
    });

  it("stores and reads a value for our host over TCP, and ends in order", async () => {
    using folder = scratchFolder();
    const client = await launch({ cwd: folder.path });
    await client.ping();
    const kv = await client.dispense("kv_grpc");
    await kv.put({ key: "hello", value: Buffer.from("world") });
    const { value } = await kv.get({ key: "hello" });
    assert.match(Buffer.from(value).toString(), /^world\n\nWritten from grpcio /);
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  });

  it("fails a call with its own status and text", async () => {
    using folder = scratchFolder();
    await using client = await launch({ cwd: folder.path });
    const kv = await client.dispense("kv_grpc");
    await assert.rejects(kv.get({ key: "nothing" }), (error) => {
      assert.ok(isStatusError(error), String(error));
      assert.deepEqual(
        [error.statusName, error.statusMessage],
        ["NOT_FOUND", "no key nothing: No such file or directory"],
      );
      return true;
    });
  });

  it("passes its stdio and its log on", async () => {
    let written = "";
    let complete = (): void => {};
    const received = new Promise<void>((resolve) => {
      complete = resolve;
    });
    const sink = {
      write: (chunk: Uint8Array) => {
        written += Buffer.from(chunk).toString();
        if (written.includes("stdout") && written.includes("stderr")) complete();
      },
    };
    await using client = await launch({ syncStdout: sink, syncStderr: sink });
    await received;
    await client.kill();
    assert.equal(written, "python's stdout\npython's stderr\n");
  });

  it("refuses a start without its cookie in words that reach the host's error", async () => {
    const other = { ...handshake, magicCookieValue: "goodbye" };
    await assert.rejects(launch({ handshake: other }), /this program is a plugin: a host has to launch it/);
  });

  it("stands behind our example's host as any other plugin does", async () => {
    using folder = scratchFolder();
    const env = { KV_PLUGIN: `exec ${python} ${script}`, PYTHONDONTWRITEBYTECODE: "1" };
    const put = await runProgram([builtExample("kv/host"), "put", "hello", "world"], folder.path, env);
    assert.equal(put.code, 0, put.stdout + put.stderr);
    const get = await runProgram([builtExample("kv/host"), "get", "hello"], folder.path, env);
    assert.match(get.stdout, /^world\n\nWritten from grpcio /);
  });
});
