import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "@drawbar/cli";
import { RecordingContext } from "./recording-context.ts";

// The key/value example, which keeps its files where it runs, as `drawbar build` makes it: it starts in half the time.
const plugin = fileURLToPath(new URL("./bundle/kv-plugin-grpc", import.meta.url));
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
  return drawbarWith("", ...args);
}

async function drawbarWith(stdin: string, ...args: string[]) {
  const root = join(folder, "plugins");
  const env = { ...process.env, DRAWBAR_PLUGIN_ROOT: root, DRAWBAR_CACHE: join(folder, "cache") };
  const context = new RecordingContext({ cwd: folder, env, stdin });
  const code = await run(args, context);
  return { code, out: context.stdout, err: context.stderr };
}

test("doctor shows the handshake of a plugin that starts, and ends with 0", async () => {
  const { code, out, err } = await drawbar("doctor", ...cookie, plugin);
  assert.equal(code, 0, err);
  assert.match(out, /^it starts\n/);
  assert.match(out, /handshake {2}core version 1, application version 1\nprotocol {3}grpc\n/);
  assert.match(
    out,
    /\nservice {4}proto\.KV\n {2}proto\.KV\/Get\(.*\n {2}proto\.KV\/Put\(.*\nbesides {4}drawbar\.plugin/,
  );
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

test("a request that cannot be is told with what its message has", async () => {
  for (const [data, message] of [
    [
      '{"kee":"a"}',
      'drawbar: {"kee":"a"} is no proto.GetRequest in JSON: key "kee" is unknown; its only field is key (string)\n',
    ],
    [
      '{"key":',
      'drawbar: {"key": is no proto.GetRequest in JSON: Unexpected end of JSON input; its only field is key (string)\n',
    ],
  ] as const) {
    const { code, out, err } = await drawbar("call", ...cookie, "-d", data, "KV/Get", plugin);
    assert.deepEqual([code, out, err], [1, "", message]);
  }
});

test("a method that there is not is told with those that there are", async () => {
  const { code, err } = await drawbar("call", ...cookie, "KV/Drop", plugin);
  assert.equal(code, 1);
  assert.match(
    err,
    /^drawbar: KV\/Drop is no method of the plugin; it has:\n {2}proto\.KV\/Get\(.*\n {2}proto\.KV\/Put\(.*\n$/,
  );
});

test("a plugin that there is not is told with how to install it", async () => {
  for (const command of [["call", "KV/Get"], ["info"], ["doctor"]]) {
    const { code, err } = await drawbar(...command, "no-such-plugin");
    assert.equal(code, 1);
    assert.match(
      err,
      /^drawbar: no-such-plugin is neither an installed plugin nor a program .*: drawbar install no-such-plugin SOURCE\n$/,
    );
  }
  const { code, err } = await drawbar("info", "./no-such-plugin");
  assert.deepEqual(
    [code, err],
    [1, `drawbar: there is no program ./no-such-plugin seen from ${folder}; check the path\n`],
  );
});

test("a plugin whose cookie is not known is told with the flag that gives it, to programs too", async () => {
  const unknown = ["--cookie", "OTHER=x", plugin];
  const { err } = await drawbar("call", "--cookie", "OTHER=x", "KV/Get", plugin);
  assert.match(err, /\nadvice: the plugin does not take OTHER for its host's magic cookie/);
  const { code, out } = await drawbar("doctor", "--json", ...unknown);
  assert.equal(code, 1);
  const { error } = JSON.parse(out);
  assert.equal(error.code, "plugin-exited-early");
  assert.match(error.facts.advice[0], /compare it with the host's handshake/);
});

test("an installed plugin is called by its name; streams are lines in and out", async () => {
  const link = join(folder, "kv_v1.2.3");
  writeFileSync(link, `#!/bin/sh\nexec ${plugin} "$@"\n`);
  assert.equal((await drawbar("install", "kv", "./kv_v1.2.3")).code, 0);
  const { code, out, err } = await drawbarWith(
    '{"listServices":""}\n\n{"fileByFilename":"none"}',
    "call",
    ...cookie,
    "v1.ServerReflection/ServerReflectionInfo",
    "kv",
  );
  assert.equal(code, 0, err);
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.length, 2);
  assert.ok(lines[0].listServicesResponse.service.some(({ name }: { name: string }) => name === "proto.KV"));
  assert.equal(lines[1].errorResponse.errorCode, 5);
});

test("a line of a stream that is no request ends the call, and is told", async () => {
  const { code, err } = await drawbarWith(
    '{"listServices":""}\nnonsense\n',
    "call",
    ...cookie,
    "v1.ServerReflection/ServerReflectionInfo",
    plugin,
  );
  assert.equal(code, 1);
  assert.match(
    err,
    /^drawbar: nonsense is no grpc\.reflection\.v1\.ServerReflectionRequest in JSON: .*; its fields are host \(string\), fileByFilename \(string\)/,
  );
});
