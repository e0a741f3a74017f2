import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import { PluginClient } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import {
  fixture,
  handshake,
  launchFailure,
  prints,
  recordingLogger,
  shell,
  stay,
} from "./support/launch-node.ts";

const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe("a plugin that cannot be executed", () => {
  it("because it is missing is told with where it was looked for", async () => {
    const error = await launchFailure({ cmd: ["./no-such-plugin"], cwd: folder });
    assert.equal(error.code, "command-not-found");
    assert.match(error.message, new RegExp(`there is no plugin \\./no-such-plugin seen from ${folder}`));
    const onPath = await launchFailure({ cmd: ["no-such-plugin-on-the-path"] });
    assert.equal(onPath.code, "command-not-found");
    assert.match(onPath.message, /on the PATH/);
  });

  it("because its working folder is missing is told as that", async () => {
    const error = await launchFailure({ cmd: [process.execPath], cwd: join(folder, "nowhere") });
    assert.equal(error.code, "command-failed");
    assert.match(error.message, /working folder does not exist/);
  });

  it("because of its mode is told with mode and owner", async () => {
    const path = file("not-executable", "#!/bin/sh\n", 0o644);
    const error = await launchFailure({ cmd: [path] });
    assert.equal(error.code, "command-not-executable");
    assert.match(error.message, /chmod \+x/);
    assert.match(error.message, /Mode: -rw-r--r-- \(this process may not execute it\)/);
    assert.match(error.message, /Owner: \d+ \[\S+\] \(current: \d+ \[\S+\]\)/);
  });

  it("because it is for another machine is told with both machines", async () => {
    const elf = Buffer.alloc(64);
    elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    elf.writeUInt16LE(process.arch === "riscv64" ? 62 : 243, 18);
    const error = await launchFailure({ cmd: [file("other-machine", elf, 0o755)] });
    assert.equal(error.code, "command-wrong-architecture");
    assert.match(
      error.message,
      new RegExp(`ELF architecture: \\w+ \\(current architecture: ${process.arch}`),
    );
  });

  it("because its interpreter is missing is told with the interpreter", async () => {
    const error = await launchFailure({ cmd: [file("bad-script", "#!/no/such/interpreter\n", 0o755)] });
    assert.equal(error.code, "command-failed");
    assert.match(error.message, /Script for: \/no\/such\/interpreter \(there is no such file\)/);
  });
});

describe("a plugin that never shakes hands", () => {
  it("because it exits at once is told with its exit code and last words", async () => {
    const error = await launchFailure({ cmd: shell("echo no database >&2; exit 3") });
    assert.equal(error.code, "plugin-exited-early");
    assert.match(
      error.message,
      /^plugin exited before we could connect \(exit code 3\)\nFailed to read any lines from plugin's stdout\n/,
    );
    assert.match(error.message, /Additional notes about plugin:\n {2}Path: /);
    assert.match(error.message, /no database/);
    assert.equal(error.facts["exitCode"], 3);
    assert.deepEqual(error.facts["stderr"], ["no database"]);
  });

  it("because a signal ended it is told with the signal", async () => {
    const error = await launchFailure({ cmd: shell("kill -KILL $$") });
    assert.equal(error.code, "plugin-exited-early");
    assert.equal(error.facts["signal"], "SIGKILL");
  });

  it("because it prints garbage and exits is told with the garbage", async () => {
    const error = await launchFailure({ cmd: shell("echo 'hello|world'; echo more") });
    assert.equal(error.code, "handshake-unrecognized");
    assert.match(error.message, /^Unrecognized remote plugin message: hello\|world\n/);
    assert.deepEqual(error.facts["stdout"], ["hello|world", "more"]);
  });

  it("because its first field is no number is told as upstream tells it", async () => {
    const error = await launchFailure({ cmd: shell("echo 'x|1|unix|/s|grpc'") });
    assert.equal(error.code, "core-version-invalid");
    assert.match(
      error.message,
      /^error parsing core protocol version: strconv\.Atoi: parsing "x": invalid syntax/,
    );
  });

  it("because it prints only garbage is told when the time is up", async () => {
    const clock = new ManualClock();
    const { logger } = recordingLogger((entry) => {
      if (entry.message.startsWith("stdout before the handshake")) clock.advance(5_000);
    });
    const error = await launchFailure({ cmd: prints("garbage"), startTimeoutMs: 5_000, clock, logger });
    assert.equal(error.code, "start-timeout");
    assert.match(
      error.message,
      /^timeout while waiting for plugin to start: no handshake line within 5000 ms/,
    );
    assert.match(error.message, /Before the handshake it printed:\n {2}garbage/);
  });

  it("because it never prints is told when the time is up", async () => {
    const clock = new ManualClock();
    const { logger } = recordingLogger((entry) => {
      if (entry.message === "running") clock.advance(60_000);
    });
    const error = await launchFailure({
      cmd: shell(`echo running >&2; ${stay}`),
      clock,
      logger,
    });
    assert.equal(error.code, "start-timeout");
    assert.match(error.message, /It printed nothing on stdout/);
    assert.equal(error.facts["signal"], "SIGTERM");
  });

  it("because it prints a line without end is bounded and told", async () => {
    const clock = new ManualClock();
    const { logger } = recordingLogger((entry) => {
      if (entry.message.startsWith("stdout before the handshake")) clock.advance(60_000);
    });
    const cmd = shell(`head -c 1048576 /dev/zero | tr '\\0' x; ${stay}`);
    const error = await launchFailure({ cmd, clock, logger });
    assert.equal(error.code, "start-timeout");
    assert.ok(error.message.length < 20_000);
  });

  it("because the caller aborts is told with the caller's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const { logger } = recordingLogger((entry) => {
      if (entry.message === "plugin started") controller.abort(reason);
    });
    const error = await launchFailure({
      cmd: shell(stay),
      signal: controller.signal,
      logger,
    });
    assert.equal(error.code, "start-aborted");
    assert.equal(error.cause, reason);
  });
});

describe("a plugin whose handshake is refused", () => {
  const cases: [string, string, string, RegExp][] = [
    [
      "wrong core version",
      "2|1|unix|/s|grpc|",
      "core-version-incompatible",
      /^incompatible core API version with plugin\. Plugin version: 2, Core version: 1/,
    ],
    [
      "no common version",
      "1|7|unix|/s|grpc|",
      "app-version-incompatible",
      /^incompatible API version with plugin\. Plugin version: 7, Client versions: \[1\]/,
    ],
    ["unknown network", "1|1|ipx|/s|grpc|", "network-unknown", /^unknown address type: \/s/],
    [
      "protocol not allowed",
      "1|1|unix|/s|morse|",
      "protocol-not-allowed",
      /^unsupported plugin protocol "morse"\. Supported: \[/,
    ],
    [
      "server certificate that is none",
      `1|1|unix|/s|grpc|${"!".repeat(60)}`,
      "server-cert-invalid",
      /^error parsing server cert/,
    ],
  ];
  for (const [title, line, code, message] of cases) {
    it(`for its ${title} is ended and told`, async () => {
      const error = await launchFailure({ cmd: prints(line) });
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.equal(error.facts["signal"], "SIGTERM");
    });
  }

  it("by nobody serving its socket is told with the address", async () => {
    const error = await launchFailure({ cmd: prints("1|1|unix|/tmp/drawbar-nobody.sock|grpc|") });
    assert.equal(error.code, "dial-failed");
    assert.match(error.message, /nobody answers at \/tmp\/drawbar-nobody\.sock/);
    assert.match(String(error.cause), /drawbar-nobody\.sock does not exist/);
    assert.match(String((error.cause as Error).cause), /ENOENT/);
  });

  it("by nobody serving its port is told with the address", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
    await new Promise((resolve) => server.close(resolve));
    const error = await launchFailure({ cmd: prints(`1|1|tcp|127.0.0.1:${port}|grpc|`) });
    assert.equal(error.code, "dial-failed");
    assert.match(String(error.cause), /ECONNREFUSED/);
  });

  it("as it was started with another cookie is told in the words it has for people", async () => {
    const error = await launchFailure({
      cmd: fixture("probe-plugin"),
      handshake: { ...handshake, magicCookieValue: "another" },
    });
    assert.equal(error.code, "plugin-exited-early");
    assert.equal(error.facts["exitCode"], 1);
    assert.match(error.message, /This binary is a plugin\. These are not meant to be executed directly\./);
  });
});

describe("a start that failed", () => {
  it("leaves no socket of a plugin that was killed before it could tell where it listens", async () => {
    for (const args of [[], ["listening"]]) {
      const temporary = mkdtempSync(join(folder, "temporary-"));
      const cmd = fixture("unannounced-plugin", ...args);
      const error = await launchFailure({ cmd, env: { TMPDIR: temporary } });
      assert.deepEqual([error.code, error.facts["signal"]], ["plugin-exited-early", "SIGKILL"]);
      assert.deepEqual(readdirSync(temporary), []);
    }
  });

  it("may be tried again with the same options, since each is a start of its own", async () => {
    const ready = join(folder, "ready");
    const plugin = fixture("probe-plugin").join(" ");
    const cmd: [string] = [
      file("starts-later", `#!/bin/sh\n[ -e ${ready} ] || exit 1\nexec ${plugin}\n`, 0o755),
    ];
    const options = { handshake, plugins, cmd };
    await assert.rejects(PluginClient.launch(options), { code: "plugin-exited-early" });
    writeFileSync(ready, "");
    await using client = await PluginClient.launch(options);
    assert.equal(await (await client.dispense("probe")).echo("hello"), "hello");
  });
});

describe("options that cannot be right", () => {
  it("start nothing and say what to change", async () => {
    const cmd = shell("");
    const wrong: [object, RegExp][] = [
      [{ plugins: undefined }, /plugins or versionedPlugins/],
      [{ versionedPlugins: { 1.5: {} }, plugins: undefined }, /integers/],
      [{ cmd: [""] }, /cmd must begin/],
      [{ handshake: { ...handshake, magicCookieKey: "" } }, /magicCookieKey/],
      [{ handshake: { ...handshake, magicCookieKey: "a=b" } }, /environment variable/],
      [{ allowedProtocols: ["morse"] }, /does not speak "morse"/],
      [{ minPort: 5, maxPort: 4 }, /no range of ports/],
    ];
    for (const [options, message] of wrong) {
      await assert.rejects(PluginClient.launch({ handshake, plugins: {}, cmd, ...options }), {
        code: "plugin-config-invalid",
        message,
      });
    }
  });

  it("include a signal that has already aborted", async () => {
    await assert.rejects(
      PluginClient.launch({ handshake, plugins: {}, cmd: shell(""), signal: AbortSignal.abort() }),
      {
        name: "AbortError",
      },
    );
  });
});
