import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { isStatusError } from "@drawbar/grpc";
import { cleanupClients, createLogger, type LaunchSettings, PluginClient, PluginExitedError } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, isGone, moduleFixture, recordingLogger } from "./support/launch-node.ts";
import { collectingSink } from "./support/sink.ts";

function launch(settings: Partial<LaunchSettings> = {}) {
  return PluginClient.launch({ handshake, plugins, cmd: fixture("probe-plugin"), ...settings });
}

/** What a call that cannot succeed rejects with: the plugin's end, as the cause of a gRPC status. */
async function deathOf(call: Promise<unknown>): Promise<PluginExitedError> {
  const error = await call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  assert.ok(isStatusError(error), String(error));
  assert.equal(error.statusName, "UNAVAILABLE");
  let cause: unknown = error.cause;
  while (cause instanceof Error && !(cause instanceof PluginExitedError)) cause = cause.cause;
  assert.ok(cause instanceof PluginExitedError, `no PluginExitedError among the causes of ${String(error)}`);
  return cause;
}

describe("a launched plugin", () => {
  it("is dispensed, called, pinged and killed", async () => {
    const client = await launch();
    assert.equal(client.version, 1);
    assert.equal(client.protocol, "grpc");
    const probe = await client.dispense("probe");
    assert.equal(await probe.echo("hello"), "hello");
    await client.ping();
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    assert.ok(isGone(client.pid));
  });

  it("works over TCP, in the port range of its host", async () => {
    const { logger, entries } = recordingLogger();
    await using client = await launch({
      cmd: fixture("probe-plugin", "--tcp"),
      minPort: 20_000,
      maxPort: 20_100,
      logger,
    });
    assert.equal(await (await client.dispense("probe")).echo("tcp"), "tcp");
    const port = entries.find((entry) => entry.message === "plugin address")?.fields["port"];
    assert.ok(typeof port === "number" && port >= 20_000 && port <= 20_100, String(port));
  });

  it("gets its environment, working folder and stdin from its host", async () => {
    await using client = await launch({ cwd: tmpdir(), env: { MINE: "1", PATH: undefined } });
    const probe = await client.dispense("probe");
    assert.equal(await probe.act("env MINE"), "1");
    assert.equal(await probe.act("env PATH"), "(unset)");
    assert.equal(await probe.act("env PLUGIN_PROTOCOL_VERSIONS"), "1");
    assert.equal(await probe.act("cwd"), tmpdir());
  });

  it("may be noisy on stdout before its handshake", async () => {
    const { logger, entries } = recordingLogger();
    const noisy = fixture("probe-plugin", "--noisy");
    await using client = await launch({ cmd: noisy, logger });
    assert.equal(await (await client.dispense("probe")).echo("x"), "x");
    assert.ok(
      entries.some((entry) => entry.message === "stdout before the handshake: a library says hello|1|2|3"),
    );
  });

  it("works under a temporary folder whose path is too long for a socket", async () => {
    const base = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(base, { recursive: true }));
    const long = join(base, "x".repeat(120));
    mkdirSync(long);
    await using client = await launch({ env: { TMPDIR: long } });
    assert.equal(await (await client.dispense("probe")).echo("x"), "x");
    assert.deepEqual(readdirSync(long), []);
  });

  it("has no plugin of another name, for the compiler as at run time", async () => {
    await using client = await launch();
    await assert.rejects(
      // @ts-expect-error: the plugin set has no such name
      client.dispense("nothing"),
      { code: "plugin-unknown", message: "unknown plugin type: nothing; version 1 has: probe" },
    );
    const probe = await client.dispense("probe");
    // @ts-expect-error: the service has no such method
    assert.equal(probe.nothing, undefined);
  });

  it("serves the highest version that both have", async () => {
    await using client = await PluginClient.launch({
      handshake,
      versionedPlugins: { 1: plugins, 2: { other: plugins.probe } },
      cmd: fixture("probe-plugin"),
    });
    assert.equal(client.version, 1);
    assert.equal(await (await client.dispense("probe")).echo("x"), "x");
    await assert.rejects(client.dispense("other"), { code: "plugin-unknown" });
  });
});

describe("a plugin's output", () => {
  it("reaches the host's sinks once it serves, to the last byte", async () => {
    const stdout = collectingSink();
    const stderr = collectingSink();
    const client = await launch({ syncStdout: stdout, syncStderr: stderr });
    const probe = await client.dispense("probe");
    await probe.act("stdout to out");
    await probe.act("stderr to err");
    await probe.act("stdout-bytes 1000000");
    await client.kill();
    assert.equal(stdout.text(), `to out\n${"x".repeat(1_000_000)}`);
    assert.equal(stderr.text(), "to err\n");
  });

  it("is held back, not dropped, where it comes faster than it goes", async () => {
    let bytes = 0;
    const sink = {
      write(chunk: Uint8Array) {
        bytes += chunk.length;
      },
    };
    const client = await launch({ syncStdout: sink });
    await (await client.dispense("probe")).act("stdout-pipe 400");
    await client.kill();
    assert.equal(bytes, 400 * 64 * 1024);
  });

  it("that it logs reaches the host's log with level, name and fields", async () => {
    const { logger, entries } = recordingLogger();
    const raw = collectingSink();
    const client = await launch({ logger, stderr: raw });
    await (await client.dispense("probe")).act("log low on luck");
    await client.kill();
    const entry = entries.find(({ message }) => message === "low on luck");
    assert.equal(entry?.level, "warn");
    assert.equal(entry.fields["answer"], 42);
    assert.equal(entry.fields["@module"], "probe");
    assert.match(entry.logger, /^node/);
    assert.match(raw.text(), /"@message":"low on luck"/);
  });

  it("that it says by console or pino reaches the host's log where it is routed there", async () => {
    const { logger, entries } = recordingLogger();
    const client = await launch({ logger });
    const probe = await client.dispense("probe");
    await probe.act("console mind the gap");
    await probe.act("pino the gap was not minded");
    await client.kill();
    const told = entries.filter(({ message }) => message.includes("gap"));
    assert.deepEqual(
      told.map(({ level, message, fields }) => [level, message, fields["@module"], fields["answer"]]),
      [
        ["warn", "mind the gap", "console", undefined],
        ["error", "the gap was not minded", "pino", 42],
      ],
    );
  });

  it("that the host's log would drop is not written by the plugin", async () => {
    const lines: string[] = [];
    const logger = createLogger({ level: "error", write: ({ message }) => lines.push(message) });
    await using quiet = await launch({ logger });
    assert.equal(await (await quiet.dispense("probe")).act("env DRAWBAR_LOG_LEVEL"), "error");
    const raw = collectingSink();
    const client = await launch({ pluginLogLevel: "error", stderr: raw });
    await (await client.dispense("probe")).act("log low on luck");
    await client.kill();
    assert.equal(raw.text(), "");
    assert.deepEqual(lines, []);
  });

  it("harms nobody when the host's sink throws", async () => {
    const sink = {
      write() {
        throw new Error("full");
      },
    };
    const client = await launch({ syncStdout: sink, stderr: sink });
    const probe = await client.dispense("probe");
    await probe.act("stdout x");
    await probe.act("log x");
    assert.equal(await probe.echo("alive"), "alive");
    await client.kill();
  });
});

describe("a plugin that hangs", () => {
  it("fails a ping that is not answered when its time is over", async () => {
    const client = await launch({ cmd: fixture("stubborn-plugin"), killTimeoutMs: 1, terminateTimeoutMs: 1 });
    await assert.rejects(
      client.ping({ timeoutMs: 1 }),
      (error) => isStatusError(error) && error.statusName === "DEADLINE_EXCEEDED",
    );
    await client.kill();
  });
});

describe("a plugin that dies", () => {
  it("fails every call in flight with its exit code and last words", async () => {
    const client = await launch();
    const probe = await client.dispense("probe");
    const hanging = [
      probe.hang(""),
      probe.hang(""),
      (async () => {
        for await (const _ of probe.count(""));
      })(),
    ];
    const crash = probe.act("crash out of cheese");
    const deaths = await Promise.all([...hanging, crash].map(deathOf));
    for (const death of deaths) {
      assert.equal(death.exitCode, 1);
      assert.match(death.stderr.join("\n"), /out of cheese/);
      assert.match(death.message, /exit code 1\nThe last lines of its stderr:/);
    }
    assert.ok(client.signal.aborted);
    assert.ok(client.signal.reason instanceof PluginExitedError);
    assert.deepEqual(await client.exited, { exitCode: 1, signal: undefined });
    await deathOf(probe.echo("too late"));
    await client.kill();
  });

  it("of a signal is told with the signal", async () => {
    const client = await launch();
    const probe = await client.dispense("probe");
    const death = await deathOf(probe.act("kill SIGKILL"));
    assert.equal(death.signal, "SIGKILL");
    assert.equal((await client.exited).signal, "SIGKILL");
  });

  it("of a rejection that nobody handles has it logged as an error too", async () => {
    const { logger, entries } = recordingLogger();
    const client = await launch({ cmd: moduleFixture("probe-plugin"), logger });
    await deathOf((await client.dispense("probe")).act("reject oh no"));
    await client.exited;
    for (const line of [/^panic: Error: oh no/, /^ +at .*probe-plugin/]) {
      assert.equal(entries.find(({ message }) => line.test(message))?.level, "error", String(line));
    }
  });

  it("has its panic logged as an error, as Go's are", async () => {
    const { logger, entries } = recordingLogger();
    const client = await launch({ logger });
    await deathOf((await client.dispense("probe")).act("crash oh no"));
    const panic = entries.find(({ message }) => message.startsWith("panic: Error: oh no"));
    assert.equal(panic?.level, "error");
  });

  it("leaves no socket behind, even when killed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(folder, { recursive: true }));
    const client = await launch({ env: { TMPDIR: folder } });
    assert.equal(readdirSync(folder).length, 1);
    await deathOf((await client.dispense("probe")).act("kill SIGKILL"));
    await client.exited;
    assert.deepEqual(readdirSync(folder), []);
    assert.ok(existsSync(folder));
  });
});

describe("managed clients", () => {
  it("are killed together, and only they", async () => {
    const [first, second, other] = await Promise.all([
      launch({ managed: true }),
      launch({ managed: true }),
      launch(),
    ]);
    await first.kill();
    await cleanupClients();
    assert.deepEqual(
      [first, second, other].map((client) => isGone(client.pid)),
      [true, true, false],
    );
    await cleanupClients();
    await other.kill();
  });
});

describe("kill", () => {
  it("is one, however often and whenever it is called", async () => {
    const client = await launch();
    await Promise.all([client.kill(), client.kill(), client.kill()]);
    await client.kill();
    await client[Symbol.asyncDispose]();
    assert.equal((await client.exited).exitCode, 0);
  });

  it("fails calls in flight with the host's own doing as the reason", async () => {
    const client = await launch();
    const call = deathOf((await client.dispense("probe")).hang(""));
    await client.kill();
    assert.match((await call).message, /was ended by its host/);
  });

  it("uses force on a plugin that does not want to end", async () => {
    const { logger, entries } = recordingLogger();
    const client = await launch({
      cmd: fixture("stubborn-plugin"),
      killTimeoutMs: 1,
      terminateTimeoutMs: 1,
      logger,
    });
    await client.kill();
    assert.equal((await client.exited).signal, "SIGKILL");
    assert.ok(entries.some(({ message }) => message === "plugin failed to exit gracefully"));
  });

  it("ends a plugin that does not answer Shutdown but obeys SIGTERM with that", async () => {
    const client = await launch({
      cmd: fixture("stubborn-plugin", "--obeys-sigterm"),
      killTimeoutMs: 1,
      terminateTimeoutMs: 60_000,
    });
    await client.kill();
    assert.equal((await client.exited).signal, "SIGTERM");
  });
});
