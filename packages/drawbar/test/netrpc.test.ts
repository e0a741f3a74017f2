import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { connectStream } from "@drawbar/io/node";
import { Session } from "@drawbar/yamux";
import { type LaunchSettings, type NetRpcPlugin, PluginClient, PluginExitedError, receiver } from "drawbar";
import { BasicError, toBasicError } from "drawbar/netrpc";
import { actorInBoth, Listener, netrpcProbe, Probe } from "./fixtures/netrpc-probe.ts";
import { probe } from "./fixtures/probe.ts";
import { fixture, handshake, moduleFixture } from "./support/launch-node.ts";
import { collectingSink } from "./support/sink.ts";

const plugins = {
  probe: netrpcProbe,
  failing: netrpcProbe,
  actor: actorInBoth,
  grpc_only: probe,
  missing: netrpcProbe,
};

function launch(settings: Partial<LaunchSettings> = {}) {
  return PluginClient.launch({ handshake, plugins, cmd: fixture("netrpc-plugin"), ...settings });
}

/** The plugin's end among the causes of an error. */
function exitAmongCauses(error: unknown): PluginExitedError {
  let cause = error;
  while (cause instanceof Error && !(cause instanceof PluginExitedError)) cause = cause.cause;
  assert.ok(cause instanceof PluginExitedError, `no PluginExitedError among the causes of ${String(error)}`);
  return cause;
}

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("the call succeeded"),
    (reason: unknown) => reason,
  );

describe("a plugin over net/rpc", () => {
  it("is dispensed, called, pinged and ended in order", async () => {
    const client = await launch();
    assert.equal(client.protocol, "netrpc");
    const { act } = await client.dispense("probe");
    assert.equal(await act("hello"), "hello");
    await client.ping();
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  });

  it("may be in one program and one host with plugins over gRPC, and under one name with its other half", async () => {
    for (const protocol of ["netrpc", "grpc"] as const) {
      await using client = await launch({ cmd: fixture("netrpc-plugin", protocol) });
      assert.equal(client.protocol, protocol);
      const { act } = await client.dispense("actor");
      assert.equal(await act("hi"), `${protocol === "grpc" ? "gRPC" : "net/rpc"}: hi`);
    }
  });

  it("may be one version of a program whose other version speaks gRPC", async () => {
    const { grpc, netrpc } = actorInBoth;
    const cmd = fixture("netrpc-versions-plugin");
    await using old = await PluginClient.launch({
      handshake,
      versionedPlugins: { 1: { actor: netrpc } },
      cmd,
    });
    assert.deepEqual([old.version, old.protocol], [1, "netrpc"]);
    assert.equal(await (await old.dispense("actor")).act("hi"), "version 1: hi");
    await using current = await PluginClient.launch({
      handshake,
      versionedPlugins: { 1: { actor: netrpc }, 2: { actor: grpc } },
      cmd,
    });
    assert.deepEqual([current.version, current.protocol], [2, "grpc"]);
    assert.equal(await (await current.dispense("actor")).act("hi"), "version 2: hi");
  });

  it("that the host knows in the other protocol only is not dispensed, and neither is one that fails", async () => {
    await using client = await launch();
    await assert.rejects(client.dispense("grpc_only"), {
      name: "PluginDispenseError",
      code: "plugin-protocol-unsupported",
      message: /^net\/rpc plugin protocol not supported: .*"grpc_only"/,
    });
    await assert.rejects(client.dispense("missing"), { message: "unknown plugin type: missing" });
    await assert.rejects(client.dispense("failing"), { message: "the key does not fit" });
    await using other = await launch({ cmd: fixture("netrpc-plugin", "grpc") });
    await assert.rejects(other.dispense("probe"), {
      code: "plugin-protocol-unsupported",
      message: /^plugin "probe" doesn't support gRPC/,
    });
  });

  it("is refused by a host that allows gRPC alone", async () => {
    await assert.rejects(launch({ allowedProtocols: ["grpc"] }), {
      code: "protocol-not-allowed",
      message: /^unsupported plugin protocol "netrpc"\. Supported: \[grpc\]/,
    });
  });

  it("may be written by hand", () => {
    const byHand: NetRpcPlugin<{ act(request: string): Promise<string> }> = {
      protocol: "netrpc",
      server: () => receiver(Probe, { Act: (request) => request }),
      client: (_, client) => ({ act: client.service(Probe, { name: "Plugin" }).Act }),
    };
    assert.equal(byHand.protocol, "netrpc");
  });

  it("calls a service of the host that came as an argument", async () => {
    await using client = await launch();
    const { act, broker } = await client.dispense("probe");
    const id = broker.nextId();
    const heard: string[] = [];
    const served = broker.acceptAndServe(id, Listener, {
      Heard: (word) => {
        heard.push(word);
        return true;
      },
    });
    assert.equal(await act(`tell ${id}`), "true");
    assert.deepEqual(heard, ["hello"]);
    assert.equal(await served.closed, undefined);
  });

  it("passes on the last byte of its output before it ends", async () => {
    const stdout = collectingSink();
    const client = await launch({ syncStdout: stdout });
    const { act } = await client.dispense("probe");
    await act("stdout-bytes 3000000");
    await client.kill();
    assert.equal(stdout.text().length, 3_000_000);
  });

  it("passes on what its stop hook prints, for it says that it ends only then", async () => {
    const stdout = collectingSink();
    const client = await launch({
      cmd: fixture("netrpc-plugin", "netrpc", "--stop-hook"),
      syncStdout: stdout,
    });
    await client.kill();
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
    assert.equal(stdout.text(), "the last words\n");
  });

  it("finishes calls in flight within its drain time", async () => {
    const client = await launch();
    const { act } = await client.dispense("probe");
    const waiting = act("wait 100");
    await client.ping();
    const killed = client.kill();
    assert.equal(await waiting, "waited");
    await killed;
    await assert.rejects(client.ping(), /was ended by its host/);
    assert.deepEqual(await client.exited, { exitCode: 0, signal: undefined });
  });

  it("sends errors as values with BasicError", () => {
    const error = new BasicError(toBasicError(new Error("no such key")));
    assert.equal(error.message, "no such key");
    assert.equal(error.code, "basic-error");
  });
});

describe("a plugin over net/rpc that dies", () => {
  it("fails every call with its exit code and its last words", async () => {
    await using client = await launch();
    const { act } = await client.dispense("probe");
    const calls = [act("hang"), client.dispense("probe").then((other) => other.act("hang")), act("exit 3")];
    for (const error of await Promise.all(calls.map(reasonOf))) {
      const exited = exitAmongCauses(error);
      assert.equal(exited.exitCode, 3);
    }
    exitAmongCauses(await reasonOf(client.ping()));
    exitAmongCauses(await reasonOf(client.dispense("probe")));
  });

  it("in the middle of a broker's handshake fails who dials and who accepts, at once", async () => {
    await using client = await launch();
    const { broker } = await client.dispense("probe");
    const dialing = reasonOf(broker.dial(4711));
    const accepting = reasonOf(broker.accept(broker.nextId()));
    await client.ping();
    process.kill(client.pid, "SIGKILL");
    for (const error of await Promise.all([dialing, accepting])) {
      assert.equal((error as { code?: string }).code, "broker-closed");
      assert.equal(exitAmongCauses(error).signal, "SIGKILL");
    }
    assert.equal(broker.pendingCount, 0);
  });

  it("at any moment leaves no call pending", async () => {
    for (let round = 0; round < 6; round++) {
      await using client = await launch();
      const { act } = await client.dispense("probe");
      let calls = 0;
      const callAgain = async (): Promise<never> => {
        for (;;) {
          await act("x".repeat(calls % 5_000));
          calls++;
          if (calls === round * 300) process.kill(client.pid, "SIGKILL");
        }
      };
      const work = Array.from({ length: 16 }, callAgain);
      if (round === 0) process.kill(client.pid, "SIGKILL");
      const errors = await Promise.all(work.map(reasonOf));
      for (const error of errors) assert.equal(exitAmongCauses(error).signal, "SIGKILL");
    }
  });
});

describe("what is not net/rpc", () => {
  it("from a plugin, be it not yamux or not gob, fails every call and is killed", async () => {
    for (const [kind, code] of [
      ["not-yamux", "netrpc-connection-lost"],
      ["not-gob", "netrpc-bad-stream"],
    ] as const) {
      const client = await launch({ cmd: fixture("not-netrpc-plugin", kind), killTimeoutMs: 100 });
      assert.equal(client.protocol, "netrpc", "which is what a line of four fields means");
      const [ping, dispense] = await Promise.all([
        reasonOf(client.ping()),
        reasonOf(client.dispense("probe")),
      ]);
      assert.equal((ping as { code?: string }).code, code, String(ping));
      assert.equal((dispense as { code?: string }).code, code, String(dispense));
      await client.kill();
      assert.equal((await client.exited).signal, "SIGTERM");
    }
  });

  it("from a stranger ends the stranger's connection and disturbs nobody else", async () => {
    await using client = await launch();
    const { act } = await client.dispense("probe");
    await act("hello");
    const path = client.reattachConfig().Addr.String;

    const raw = connect(path);
    raw.write(Buffer.alloc(256, 0xee));
    raw.resume();
    await new Promise((resolve) => raw.once("close", resolve));

    const session = new Session(await connectStream({ network: "unix", path }), { role: "client" });
    const control = session.open();
    control.write(new Uint8Array(256).fill(0xee));
    await new Promise<void>((resolve) =>
      control.start({ onData: () => {}, onEnd: () => {}, onDrain: () => {}, onClose: () => resolve() }),
    );
    session.destroy();

    assert.equal(await act("still here"), "still here");
  });
});

describe("a plugin program over gRPC alone", () => {
  it("loads neither gob nor yamux", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(folder, { recursive: true }));
    const client = await PluginClient.launch({
      handshake,
      plugins: { probe },
      // As its modules are: each has a name of its own.
      cmd: moduleFixture("probe-plugin"),
      // Tells, at the end, every script that was loaded.
      env: { NODE_V8_COVERAGE: folder },
    });
    assert.equal(await (await client.dispense("probe")).echo("x"), "x");
    await client.kill();
    const report = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const urls = report.flatMap((text) =>
      (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url),
    );
    assert.ok(urls.some((url) => url.includes("/packages/grpc/")));
    assert.deepEqual(
      urls.filter((url) => /\/packages\/(gob|yamux|netrpc)\//.test(url)),
      [],
    );
  });
});
