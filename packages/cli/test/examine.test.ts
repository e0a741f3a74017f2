import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

// The key/value example, which keeps its files where it runs.
const plugin = fileURLToPath(new URL("../../../examples/kv/plugin-grpc", import.meta.url));
const cookie = ["--cookie", "BASIC_PLUGIN=hello"];
const home = process.cwd();
let folder = "";

before(() => {
  folder = mkdtempSync(join(tmpdir(), "drawbar-cli-"));
  process.chdir(folder);
});

after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

async function drawbar(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const context = new RecordingContext({ cwd: folder, env: process.env });
  const code = await run(args, context);
  return { code, out: context.stdout, err: context.stderr };
}

test("doctor shows the handshake of a plugin that starts, and ends with 0", async () => {
  const { code, out, err } = await drawbar("doctor", ...cookie, plugin);
  assert.equal(code, 0, err);
  assert.match(out, /^it starts\n/);
  assert.match(out, /handshake {2}core version 1, application version 1\nprotocol {3}grpc\n/);
});

test("doctor says why a program does not start, what it is, and what to try", async () => {
  const { code, out, err } = await drawbar("doctor", ...cookie, "/bin/true");
  assert.deepEqual([code, out], [1, ""]);
  assert.match(err, /exited before we could connect \(exit code 0\)[\s\S]*Path: \/bin\/true/);
});

test("info lists services and methods, as JSON for programs", async () => {
  const { code, out, err } = await drawbar("info", "--json", ...cookie, plugin);
  assert.equal(code, 0, err);
  const { handshake, services } = JSON.parse(out);
  assert.equal(handshake.protocol, "grpc");
  assert.deepEqual(
    services.find(({ name }: { name: string }) => name === "proto.KV"),
    {
      name: "proto.KV",
      methods: [
        "proto.KV/Get(proto.GetRequest) returns (proto.GetResponse)",
        "proto.KV/Put(proto.PutRequest) returns (proto.Empty)",
      ],
    },
  );
});

test("call sends protobuf JSON to a method that its end names, and prints the answer", async () => {
  const put = await drawbar("call", ...cookie, "-d", '{"key":"a","value":"aGk="}', "KV/Put", plugin);
  assert.deepEqual([put.code, put.out], [0, "{}\n"], put.err);
  const get = await drawbar("call", "--json", ...cookie, "-d", '{"key":"a"}', "KV/Get", plugin);
  assert.equal(get.code, 0, get.err);
  assert.match(Buffer.from(JSON.parse(get.out).value, "base64").toString(), /^hi\n/);
});

test("a call that fails ends with 64 plus its status", async () => {
  const { code, err } = await drawbar("call", ...cookie, "-d", '{"key":"none"}', "KV/Get", plugin);
  assert.equal(code, 66);
  assert.match(err, /proto\.KV\/Get failed: UNKNOWN: ENOENT/);
});

test("a request that is not of its type, and a method that there is not, are told before anything is sent", async () => {
  const wrong = await drawbar("call", ...cookie, "-d", '{"kee":"a"}', "KV/Get", plugin);
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.err, /is no proto\.GetRequest/);
  const missing = await drawbar("call", ...cookie, "KV/Drop", plugin);
  assert.notEqual(missing.code, 0);
  assert.match(missing.err, /KV\/Drop/);
});
