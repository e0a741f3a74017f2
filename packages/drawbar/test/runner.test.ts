import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { PluginClient, type RunnerSettings } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { ChildRunner } from "./support/child-runner.ts";
import { fixture, handshake, recordingLogger, shell } from "./support/launch-node.ts";

/** Launches by a ChildRunner whose plugin sees its socket folder under another name. */
async function launch(command: [string, ...string[]], settings: Partial<RunnerSettings> = {}) {
  const made: ChildRunner[] = [];
  const client = await PluginClient.launch({
    handshake,
    plugins,
    runner: (spec) => {
      const runner = new ChildRunner(command, spec);
      const seen = join(spec.socketDir, "..", runner.inside);
      symlinkSync(spec.socketDir, seen);
      after(() => rmSync(seen, { force: true }));
      made.push(runner);
      return runner;
    },
    ...settings,
  });
  const [runner] = made;
  assert.ok(runner !== undefined);
  return { client, runner };
}

describe("a plugin that a runner starts", () => {
  it("is called, and killed in order, at the address as the host sees it", async () => {
    const { client, runner } = await launch(fixture("probe-plugin"));
    assert.deepEqual([client.id, client.pid], [runner.id, runner.pid]);
    assert.equal(await (await client.dispense("probe")).echo("hello"), "hello");
    assert.ok(client.reattachConfig().Addr.String.includes(`/${runner.outside}/`));
    const [seen] = runner.translated;
    assert.ok(seen?.network === "unix" && seen.path.includes(runner.inside));
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    assert.deepEqual(runner.signals, []);
  });

  it("has its log, its death and its last words told as any other's", async () => {
    const { logger, entries } = recordingLogger();
    const { client } = await launch(fixture("probe-plugin"), { logger });
    const probe = await client.dispense("probe");
    await probe.act("log low on luck");
    await assert.rejects(probe.act("crash out of cheese"), /UNAVAILABLE/);
    assert.deepEqual(await client.exited, { exitCode: 1, signal: undefined });
    assert.ok(entries.some((entry) => entry.message === "low on luck" && entry.level === "warn"));
    assert.match(String(client.signal.reason), /out of cheese/);
  });

  it("gets a folder for its sockets, which is gone with it", async () => {
    const dir = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(dir, { recursive: true }));
    const gid = process.getgid?.() ?? 0;
    const { client, runner } = await launch(fixture("probe-plugin"), { unixSocket: { dir, group: gid } });
    const folder = join(dir, runner.outside);
    assert.equal(statSync(folder).mode & 0o777, 0o770);
    const socket = statSync(client.reattachConfig().Addr.String);
    assert.deepEqual([socket.mode & 0o777, socket.gid], [0o660, gid]);
    await client.kill();
    assert.equal(existsSync(folder), false);
  });

  it("that does not start has the runner's diagnosis told, and leaves nothing", async () => {
    const dir = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(dir, { recursive: true }));
    await assert.rejects(launch(shell("exit 3"), { unixSocket: { dir } }), {
      code: "plugin-exited-early",
      message: /exit code 3.*the test runner has nothing to say/s,
    });
    assert.deepEqual(
      readdirSync(dir).filter((name) => !name.endsWith("-seen-inside")),
      [],
    );
  });

  it("whose runner cannot start it is an error that says so", async () => {
    const starting = PluginClient.launch({
      handshake,
      plugins,
      runner: (spec) => {
        const runner = new ChildRunner(shell(""), spec);
        runner.start = () => Promise.reject(new Error("no image of that name"));
        return runner;
      },
    });
    await assert.rejects(starting, {
      code: "command-failed",
      message:
        /test runner: its runner could not start it: no image of that name\nthe test runner has nothing to say/,
    });
  });

  it("whose runner takes too long to start it is given up, and a runner that hangs cannot make kill hang", async () => {
    let signalled = false;
    const starting = PluginClient.launch({
      handshake,
      plugins,
      startTimeoutMs: 10,
      runner: (spec) => {
        const runner = new ChildRunner(shell(""), spec);
        runner.start = ((signal: AbortSignal) => {
          signal.addEventListener("abort", () => {
            signalled = true;
          });
          return new Promise<void>(() => {});
        }) as () => Promise<void>;
        return runner;
      },
    });
    await assert.rejects(starting, { code: "start-timeout" });
    assert.ok(signalled);
  });

  it("is ended by force when its runner's SIGTERM does nothing", async () => {
    const { client, runner } = await launch(fixture("stubborn-plugin"), {
      killTimeoutMs: 1,
      terminateTimeoutMs: 1,
      unixSocket: {},
    });
    await client.kill();
    assert.deepEqual(runner.signals, ["SIGTERM", "SIGKILL"]);
    assert.equal((await client.exited).signal, "SIGKILL");
  });

  it("is attached to through another runner that stands for it", async () => {
    const { client, runner } = await launch(fixture("probe-plugin"));
    const attached = await PluginClient.reattach(
      { ...client.reattachConfig(), Pid: 0 },
      { handshake, plugins, runner },
    );
    assert.equal(attached.id, runner.id);
    assert.equal(await (await attached.dispense("probe")).echo("x"), "x");
    await attached.kill();
    assert.deepEqual(await attached.exited, { exitCode: 0, signal: undefined });
    await client.kill();
  });
});

it("cmd and runner exclude each other", async () => {
  const options = { handshake, plugins, cmd: fixture("probe-plugin"), runner: () => assert.fail() };
  // @ts-expect-error: exactly one of them
  await assert.rejects(PluginClient.launch(options), {
    code: "plugin-config-invalid",
    message: "exactly one of cmd and runner must be set",
  });
});

it("a launched plugin's sockets are where the host wants them, if it says so", async () => {
  const dir = mkdtempSync(join(tmpdir(), "drawbar-test-"));
  after(() => rmSync(dir, { recursive: true }));
  const cmd = fixture("probe-plugin");
  const client = await PluginClient.launch({ handshake, plugins, cmd, unixSocket: { dir } });
  assert.ok(client.reattachConfig().Addr.String.startsWith(`${dir}/drawbar-host-`));
  await client.kill();
  assert.deepEqual(readdirSync(dir), []);
});
