import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake } from "./support/launch-node.ts";
import { hostEnv, runProgram } from "./support/run-plugin.ts";
import { collectingSink } from "./support/sink.ts";

const plugin = fixture("probe-plugin");

function socketOf(line: string | undefined): string {
  const match = /^1\|1\|unix\|([^|]+)\|grpc\|$/.exec(line ?? "");
  assert.ok(match?.[1] !== undefined, `no handshake line: ${line}`);
  return match[1];
}

describe("a plugin program", () => {
  it("started by hand says what it is, prints nothing on stdout and exits with 1", async () => {
    const program = runProgram(plugin, {});
    assert.equal(await program.firstLine, undefined);
    const { code, stderr } = await program.exited;
    assert.equal(code, 1);
    assert.equal(
      stderr,
      "This binary is a plugin. These are not meant to be executed directly.\n" +
        "Please execute the program that consumes these plugins, which will\n" +
        "load any plugins automatically\n",
    );
  });

  it("serves on a socket in a private folder, ignores SIGINT, and at SIGTERM removes both", async () => {
    const program = runProgram(plugin, hostEnv);
    const socket = socketOf(await program.firstLine);
    assert.ok(statSync(socket).isSocket());
    assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
    const ignored = new Promise<void>((resolve) => {
      program.child.stderr?.on("data", (text: string) => {
        if (text.includes("plugin received interrupt signal, ignoring")) resolve();
      });
    });
    program.child.kill("SIGINT");
    await ignored;
    program.child.kill("SIGTERM");
    assert.equal((await program.exited).code, 143);
    assert.ok(!existsSync(dirname(socket)));
  });

  it("puts its socket where the host says", async () => {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
    after(() => rmSync(folder, { recursive: true }));
    const program = runProgram(plugin, { ...hostEnv, PLUGIN_UNIX_SOCKET_DIR: folder });
    assert.ok(socketOf(await program.firstLine).startsWith(folder));
    program.child.kill("SIGTERM");
    await program.exited;
  });

  it("serves its lowest version to a host that has none of its, which then objects", async () => {
    const program = runProgram(plugin, { ...hostEnv, PLUGIN_PROTOCOL_VERSIONS: "9,x" });
    socketOf(await program.firstLine);
    program.child.kill("SIGTERM");
    assert.match((await program.exited).stderr, /the host offers a version that is no number: "x"/);
  });

  const refusals: [string, string[], Record<string, string>, RegExp][] = [
    [
      "ports that are no range",
      ["--tcp"],
      { PLUGIN_MIN_PORT: "5000", PLUGIN_MAX_PORT: "0" },
      /PLUGIN_MIN_PORT value of 5000 is greater than PLUGIN_MAX_PORT value of 0/,
    ],
    [
      "a port that is no number",
      ["--tcp"],
      { PLUGIN_MIN_PORT: "many" },
      /couldn't get value from PLUGIN_MIN_PORT/,
    ],
    [
      "a socket group that does not exist",
      [],
      { PLUGIN_UNIX_SOCKET_GROUP: "no-such-group" },
      /failed to find gid from \\"no-such-group\\"/,
    ],
    [
      "AutoMTLS with half a certificate",
      [],
      { PLUGIN_CLIENT_CERT: "-----BEGIN CERTIFICATE-----" },
      /the host's certificate \(PLUGIN_CLIENT_CERT\) cannot be read/,
    ],
  ];
  for (const [title, args, env, message] of refusals) {
    it(`that its host asks for ${title} says so on stderr and exits with 1`, async () => {
      const program = runProgram([...plugin, ...args], { ...hostEnv, ...env });
      assert.equal(await program.firstLine, undefined);
      const { code, stderr } = await program.exited;
      assert.equal(code, 1);
      assert.match(stderr, message);
    });
  }

  it("that finds every port of its host's range taken says so on stderr and exits with 1", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, "127.0.0.1", () => {
        const address = taken.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    const range = { PLUGIN_MIN_PORT: String(port), PLUGIN_MAX_PORT: String(port) };
    const program = runProgram([...plugin, "--tcp"], { ...hostEnv, ...range });
    const { code, stderr } = await program.exited;
    taken.close();
    assert.equal(code, 1);
    assert.match(
      stderr,
      new RegExp(`couldn't bind plugin TCP listener on 127.0.0.1, ports ${port} to ${port}`),
    );
  });

  it("with the guard keeps what libraries print at import off stdout, for the host to have later", async () => {
    const program = runProgram(fixture("guarded-plugin"), hostEnv);
    socketOf(await program.firstLine);
    program.child.kill("SIGTERM");
    await program.exited;

    const stdout = collectingSink();
    const client = await PluginClient.launch({
      handshake,
      plugins,
      cmd: fixture("guarded-plugin"),
      syncStdout: stdout,
    });
    await (await client.dispense("probe")).echo("x");
    await client.kill();
    assert.equal(stdout.text(), "a library that prints at import\n");
  });
});
