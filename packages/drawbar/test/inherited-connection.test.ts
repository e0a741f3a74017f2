import assert from "node:assert/strict";
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, statSync } from "node:fs";
import { connect, Socket } from "node:net";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, isGone, recordingLogger } from "./support/launch-node.ts";
import { hostEnv } from "./support/run-plugin.ts";

const probePlugin = fixture("probe-plugin");

/** A plugin started with something as descriptor 3, and the variable that says what it is. */
class Started implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly line: Promise<string>;

  constructor(
    third: "pipe" | "ignore" | undefined,
    offer: string,
    [file, ...args]: readonly [string, ...string[]] = probePlugin,
  ) {
    const stdio: StdioOptions = ["ignore", "pipe", "ignore", ...(third === undefined ? [] : [third])];
    const env = { ...process.env, ...hostEnv, DRAWBAR_CONNECTION: offer };
    this.child = spawn(file, args, { env, stdio });
    // One that is killed may leave unread what was sent to it.
    this.child.stdio[3]?.on("error", () => {});
    const lines = createInterface({ input: this.child.stdout ?? process.stdin });
    this.line = once(lines, "line").then(([line]: string[]) => line ?? "");
  }

  get connection(): Socket {
    const connection = this.child.stdio[3];
    assert.ok(connection instanceof Socket);
    return connection;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");

/** Fails unless an HTTP/2 server answers: by a SETTINGS frame. */
async function assertServed(connection: Socket): Promise<void> {
  connection.write(preface);
  const [frame]: Buffer[] = await once(connection, "data");
  assert.equal(frame?.[3], 4);
}

function pathIn(line: string): string {
  return line.split("|")[3] ?? "";
}

/** Connects as soon as the plugin listens. */
async function connected({ child }: Started, path: string): Promise<Socket> {
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(path);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  assert.fail("the plugin has ended");
}

describe("a plugin that is started with a connection", () => {
  const ours = `3:${process.pid}`;

  it("serves it, says so, and listens too, whether its host has spoken by then or not", async () => {
    for (const speaks of [true, false]) {
      await using plugin = new Started("pipe", ours);
      const line = await plugin.line;
      assert.match(line, /^1\|1\|unix\|\/.+\/plugin\.sock\|grpc\|\|false\|inherited$/);
      if (speaks) await assertServed(plugin.connection);
      const another = await connected(plugin, pathIn(line));
      await assertServed(another);
      if (!speaks) await assertServed(plugin.connection);
      another.destroy();
    }
  });

  it("is reached at its address when the connection has ended", async () => {
    await using plugin = new Started("pipe", ours);
    const line = await plugin.line;
    plugin.connection.destroy();
    const another = await connected(plugin, pathIn(line));
    await assertServed(another);
    another.destroy();
  });

  it("listens as others do where it may not be its host's, or is no socket", async () => {
    const cases = [
      ["pipe", "3:1"],
      ["pipe", `4:${process.pid}`],
      ["pipe", "nonsense"],
      ["ignore", ours],
      [undefined, ours],
    ] as const;
    for (const [third, offer] of cases) {
      await using plugin = new Started(third, offer);
      const line = await plugin.line;
      assert.match(line, /^1\|1\|unix\|\/.+\/plugin\.sock\|grpc\|$/, `${third} ${offer}`);
      assert.ok(lstatSync(pathIn(line)).isSocket());
    }
  });

  it("listens as others do on TCP, where the port is told by that alone", async () => {
    await using plugin = new Started("pipe", ours, fixture("probe-plugin", "--tcp"));
    assert.match(await plugin.line, /^1\|1\|tcp\|127\.0\.0\.1:\d+\|grpc\|$/);
  });

  it("ends with its host, though that has never spoken", async () => {
    await using host = new Started("ignore", "", [
      process.execPath,
      "--input-type=module",
      "-e",
      `import { spawn } from "node:child_process";
      const [file, ...args] = ${JSON.stringify(probePlugin)};
      const env = { ...process.env, DRAWBAR_CONNECTION: "3:" + process.pid };
      const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "ignore", "pipe"] });
      child.stdout.once("data", (line) => console.log(child.pid + "|" + line));`,
    ]);
    const line = await host.line;
    assert.match(line, /\|inherited$/);
    host.child.kill("SIGKILL");
    while (!isGone(Number.parseInt(line, 10))) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.throws(() => lstatSync(pathIn(line.slice(line.indexOf("|") + 1))), { code: "ENOENT" });
  });
});

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
}

describe("a launched plugin", () => {
  it("has the connection to itself: what it starts is told of none", async () => {
    const { logger, entries } = recordingLogger();
    await using client = await PluginClient.launch({ handshake, plugins, cmd: probePlugin, logger });
    const probe = await client.dispense("probe");
    assert.equal(await probe.act("env DRAWBAR_CONNECTION"), "(unset)");
    // It has said where it listens when it did.
    client.reattachConfig();
    while (!entries.some(({ message }) => message === "plugin address"))
      await new Promise((resolve) => setTimeout(resolve, 1));
  });

  it("can be attached to by what its host tells at once", async () => {
    await using client = await PluginClient.launch({ handshake, plugins, cmd: probePlugin });
    const config = client.reattachConfig();
    assert.ok(lstatSync(config.Addr.String).isSocket());
    await using other = await PluginClient.reattach(config, { handshake, plugins });
    assert.equal(await (await other.dispense("probe")).echo("both"), "both");
    assert.equal(await (await client.dispense("probe")).echo("both"), "both");
    await other.detach();
  });

  it("listens as others do behind a script that waits for it, and where its host starts it without", async () => {
    const script = `${probePlugin.map((word) => `'${word}'`).join(" ")}; exit $?`;
    const listening: { cmd: [string, ...string[]]; env?: Record<string, string> }[] = [
      { cmd: ["/bin/sh", "-c", script] },
      { cmd: probePlugin, env: { DRAWBAR_CONNECTION: "" } },
    ];
    for (const settings of listening) {
      await using client = await PluginClient.launch({ handshake, plugins, ...settings });
      assert.equal(await (await client.dispense("probe")).echo("behind"), "behind");
      if (settings.env !== undefined) assert.ok(!isSocket(`/proc/${client.pid}/fd/3`));
    }
  });
});
