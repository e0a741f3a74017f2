import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { isStatusError, type Metadata, type StatusError } from "@drawbar/grpc";
import {
  createLogger,
  type LaunchSettings,
  type LogEntry,
  PluginClient,
  PluginExitedError,
  PluginStartError,
} from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { goReleases, handshake, plugins } from "./probe.ts";
import { scratchFolder } from "./scratch-folder.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

async function* each<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function statusOf(call: Promise<unknown>): Promise<StatusError> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(isStatusError(error), String(error));
  return error;
}

function recorder() {
  const entries: LogEntry[] = [];
  return { entries, logger: createLogger({ level: "trace", write: (entry) => entries.push(entry) }) };
}

function collector() {
  let all = "";
  return {
    write: (chunk: Uint8Array) => {
      all += Buffer.from(chunk).toString();
    },
    all: () => all,
  };
}

for (const release of goReleases) {
  describe(`our host with a plugin on go-plugin ${release}`, () => {
    let program = "";
    before(async () => {
      program = await peerPath(`goplugin-grpc-${release}`, "goplugin");
    });
    const launch = (settings: Partial<LaunchSettings> = {}) =>
      PluginClient.launch({ handshake, plugins, cmd: [program, "plugin"], ...settings });

    it("starts, pings and ends it in order", async () => {
      const client = await launch();
      assert.deepEqual([client.protocol, client.version], ["grpc", 1]);
      await client.ping();
      await client.kill();
      assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    });

    it("makes calls of all four kinds", async () => {
      using folder = scratchFolder();
      await using client = await launch({ cwd: folder.path });
      const probe = await client.dispense("probe");
      assert.deepEqual((await probe.echo({ value: text("hello") })).value, text("hello"));
      const counted = await collect(probe.count({ value: 4 }));
      assert.deepEqual(
        counted.map(({ value }) => value),
        [1, 2, 3, 4],
      );
      const total = await probe.sum(each({ value: 4_000_000_000 }, { value: 4_000_000_000 }));
      assert.equal(total.value, 8_000_000_000n);
      const said = await collect(probe.chat(each({ value: "one" }, { value: "two" })));
      assert.deepEqual(
        said.map(({ value }) => value),
        ["ONE", "TWO"],
      );
      const kv = await client.dispense("kv_grpc");
      await kv.put({ key: "key", value: text("value") });
      const { value } = await kv.get({ key: "key" });
      assert.equal(Buffer.from(value).toString(), `value\n\nWritten from go-plugin ${release}`);
    });

    it("passes metadata, repeated and binary, in both directions", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const seen: Metadata[] = [];
      await probe.echo(
        { value: text("") },
        {
          metadata: { "echo-name": ["first", "second"], "echo-bytes-bin": Uint8Array.of(0, 255, 7) },
          onHeaders: (headers) => seen.push(headers),
          onTrailers: (trailers) => seen.push(trailers),
        },
      );
      for (const metadata of seen) {
        assert.deepEqual(metadata.getAll("echo-name"), ["first", "second"]);
        assert.deepEqual([...(metadata.getBinary("echo-bytes-bin") ?? [])], [0, 255, 7]);
      }
      assert.equal(seen.length, 2);
    });

    it("gets large messages, and RESOURCE_EXHAUSTED where the Go side's 4 MiB end", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const large = new Uint8Array(4 * 1024 * 1024 - 16).fill(7);
      assert.ok(Buffer.from(large).equals((await probe.echo({ value: large })).value));
      const error = await statusOf(probe.echo({ value: new Uint8Array(4 * 1024 * 1024) }));
      assert.equal(error.statusName, "RESOURCE_EXHAUSTED");
      await client.ping();
    });

    it("sees statuses and plain errors of handlers", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const status = await statusOf(probe.do({ value: "fail 5 no such thing: 100 % ünknown" }));
      assert.deepEqual(
        [status.statusName, status.statusMessage],
        ["NOT_FOUND", "no such thing: 100 % ünknown"],
      );
      const plain = await statusOf(probe.do({ value: "error it broke" }));
      assert.deepEqual([plain.statusName, plain.statusMessage], ["UNKNOWN", "it broke"]);
    });

    it("cuts a call off at its deadline, cancels one by its signal, and the handlers learn of both", async () => {
      const { entries, logger } = recorder();
      await using client = await launch({ logger });
      const probe = await client.dispense("probe");
      const late = await statusOf(probe.do({ value: "sleep 60000" }, { timeoutMs: 200 }));
      assert.equal(late.statusName, "DEADLINE_EXCEEDED");
      const controller = new AbortController();
      const cancelled = statusOf(probe.do({ value: "sleep 60000" }, { signal: controller.signal }));
      await probe.echo({ value: text("under way") });
      controller.abort();
      assert.equal((await cancelled).statusName, "CANCELLED");
      await client.kill();
      // At the deadline the client's cancellation may overtake the handler's own clock.
      const told = entries.filter((entry) => entry.message === "cancelled");
      assert.equal(told.length, 2);
      for (const { fields } of told)
        assert.match(String(fields["error"]), /^context (deadline exceeded|canceled)$/);
    });

    it("gets log lines at their level with their fields, and stdout and stderr by stdio", async () => {
      const { entries, logger } = recorder();
      const stdout = collector();
      const stderr = collector();
      await using client = await launch({ logger, syncStdout: stdout, syncStderr: stderr });
      const probe = await client.dispense("probe");
      await probe.do({ value: "warn watch out" });
      await probe.do({ value: "stdout on the way out" });
      await probe.do({ value: "stderr on the way down" });
      await client.kill();
      const entry = entries.find(({ message }) => message === "watch out");
      assert.deepEqual([entry?.level, entry?.fields["from"], entry?.fields["number"]], ["warn", "probe", 7]);
      assert.deepEqual([stdout.all(), stderr.all()], ["on the way out\n", "on the way down\n"]);
    });

    it("learns why a plugin died: a panic's words and exit code", async () => {
      await using client = await launch();
      const probe = await client.dispense("probe");
      const error = await statusOf(probe.do({ value: "panic the disk is on fire" }));
      assert.equal(error.statusName, "UNAVAILABLE");
      assert.deepEqual(await client.exited, { exitCode: 2, signal: undefined });
      const { reason } = client.signal;
      assert.ok(reason instanceof PluginExitedError);
      assert.equal(reason.exitCode, 2);
      assert.match(reason.stderr.join("\n"), /panic: .*the disk is on fire/);
    });

    it("settles calls in flight when it kills the plugin under them", async () => {
      const client = await launch();
      const probe = await client.dispense("probe");
      const sleeping = statusOf(probe.do({ value: "sleep 60000" }));
      await probe.echo({ value: text("under way") });
      await client.kill();
      assert.equal((await sleeping).statusName, "UNAVAILABLE");
    });

    it("negotiates the highest version that both have", async () => {
      const versionedPlugins = { 2: plugins, 4: plugins, 5: plugins };
      const cmd: [string, ...string[]] = [program, "plugin", "-versions", "3,4,2,7"];
      await using client = await PluginClient.launch({ handshake, versionedPlugins, cmd });
      assert.equal(client.version, 4);
      await client.ping();
    });

    it("refuses it when they have no version in common, in go-plugin's words", async () => {
      const cmd: [string, ...string[]] = [program, "plugin", "-versions", "9,8"];
      const launching = PluginClient.launch({ handshake, versionedPlugins: { 3: plugins }, cmd });
      await assert.rejects(launching, (error) => {
        assert.ok(error instanceof PluginStartError);
        assert.equal(error.code, "app-version-incompatible");
        assert.match(
          error.message,
          /incompatible API version with plugin\. Plugin version: 8, Client versions: \[?3\]?/,
        );
        return true;
      });
    });

    it("is told by a plugin with another cookie that it is a plugin", async () => {
      const other = { ...handshake, magicCookieValue: "goodbye" };
      await assert.rejects(launch({ handshake: other }), (error) => {
        assert.ok(error instanceof PluginStartError);
        assert.match(error.message, /This binary is a plugin/);
        return true;
      });
    });
  });
}
