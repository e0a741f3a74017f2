import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { pidOfStamp, processStamp } from "@drawbar/io/node";
import { PluginClient, type SecureConfig } from "drawbar";
import { plugins } from "./fixtures/probe.ts";
import { fixture, handshake, launchFailure, moduleFixture } from "./support/launch-node.ts";

const folder = mkdtempSync(join(tmpdir(), "drawbar-test-"));
after(() => rmSync(folder, { recursive: true }));

// A program of one file, which tells from where it was started.
const program = join(folder, "plugin");
writeFileSync(program, `#!/bin/sh\nSTARTED_FROM="$0" exec ${fixture("probe-plugin").join(" ")}\n`);
chmodSync(program, 0o755);

function digest(hash: string): Buffer {
  return createHash(hash).update(readFileSync(program)).digest();
}

async function inTemporary(path: string, work: () => Promise<void>): Promise<void> {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = path;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

function launch(secureConfig: SecureConfig) {
  return PluginClient.launch({ handshake, plugins, cmd: [program], secureConfig });
}

describe("a plugin whose checksum is given", () => {
  it("is started from a private copy, which is gone with it", async () => {
    const client = await launch({ checksum: digest("sha256").toString("hex"), hash: "sha256" });
    const path = await (await client.dispense("probe")).act("env STARTED_FROM");
    assert.notEqual(path, program);
    assert.deepEqual(readFileSync(path), readFileSync(program));
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    const notes = readdirSync(dirname(path)).filter((name) => name.startsWith("process."));
    assert.deepEqual(notes.map(pidOfStamp), [client.pid]);
    await client.kill();
    assert.ok(!existsSync(dirname(path)));
  });

  it("has the copies removed whose host and process were killed, and no others", async () => {
    const temporary = join(folder, "temporary");
    const ended = (): Promise<string> => processStamp(spawnSync(process.execPath, ["--version"]).pid);
    const running = (): Promise<string> => processStamp();
    const copies = {
      abandoned: [await ended(), await ended()],
      "not started": [await ended()],
      "of a host that runs": [await running(), await ended()],
      "of a process that runs": [await ended(), await running()],
    };
    for (const [owner, process] of Object.values(copies)) {
      const copy = join(temporary, `drawbar-verified.${owner}`);
      mkdirSync(copy, { recursive: true });
      writeFileSync(join(copy, "plugin"), "");
      if (process !== undefined) writeFileSync(join(copy, `process.${process}`), "");
    }
    mkdirSync(join(temporary, `another.${await ended()}`));
    await inTemporary(temporary, async () => {
      await (await launch({ checksum: digest("sha256"), hash: "sha256" })).kill();
    });
    const kept = [copies["of a host that runs"], copies["of a process that runs"]].map(([owner]) => owner);
    const left = readdirSync(temporary).filter((name) => name.startsWith("drawbar-verified."));
    assert.deepEqual(left.sort(), kept.map((owner) => `drawbar-verified.${owner}`).sort());
    assert.equal(readdirSync(temporary).length, 3);
  });

  it("does not take the package.json of the temporary folder for its own", async () => {
    const strange = join(folder, "strange");
    const script = join(strange, "script");
    mkdirSync(strange);
    writeFileSync(join(strange, "package.json"), '{ "name": "strange", "version": "1.0.0" }');
    const [node, plugin] = moduleFixture("stated-plugin");
    writeFileSync(script, `#!${node}\nimport(${JSON.stringify(plugin)});\n`, { mode: 0o755 });
    const checksum = createHash("sha256").update(readFileSync(script)).digest();
    await inTemporary(strange, async () => {
      const secureConfig = { checksum, hash: "sha256" };
      await using client = await PluginClient.launch({ handshake, plugins, cmd: [script], secureConfig });
      assert.deepEqual(await client.describe(), { name: undefined, version: undefined });
    });
  });

  it("can be started again with the same config, whatever the hash and the form of its digest", async () => {
    const config = { checksum: digest("sha512"), hash: "sha512" };
    for (let start = 0; start < 2; start++) await (await launch(config)).kill();
    await (
      await launch({ checksum: digest("blake2s256").toString("hex").toUpperCase(), hash: "blake2s256" })
    ).kill();
  });

  it("is started where it is if the config says so", async () => {
    await using client = await launch({ checksum: digest("sha256"), hash: "sha256", inPlace: true });
    assert.equal(await (await client.dispense("probe")).act("env STARTED_FROM"), program);
  });

  for (const inPlace of [false, true]) {
    it(`is not started if it is another program (inPlace: ${inPlace})`, async () => {
      const checksum = createHash("sha256").update("another program").digest("hex");
      const error = await launchFailure({
        cmd: [program],
        secureConfig: { checksum, hash: "sha256", inPlace },
      });
      assert.equal(error.code, "checksum-mismatch");
      assert.match(
        error.message,
        /^checksums did not match: the sha256 of \/.*\/plugin is [0-9a-f]{64}, not /,
      );
      assert.equal(error.facts["found"], digest("sha256").toString("hex"));
      assert.equal(error.facts["pid"], undefined);
    });
  }

  it("but is missing is told as that", async () => {
    const secureConfig = { checksum: digest("sha256"), hash: "sha256" };
    const error = await launchFailure({ cmd: [join(folder, "nothing")], secureConfig });
    assert.equal(error.code, "command-not-found");
  });

  for (const [config, message] of [
    [{ checksum: "", hash: "sha256" }, /^error verifying checksum: no checksum provided/],
    [{ checksum: "00", hash: "" }, /^error verifying checksum: no hash implementation provided/],
    [{ checksum: "00", hash: "sha257" }, /no hash implementation provided: node has none .* "sha257"/],
    [{ checksum: "0g", hash: "sha256" }, /is not hexadecimal/],
    [{ checksum: "00", hash: "sha256" }, /has 1 bytes, and sha256 gives 32/],
  ] as const) {
    it(`is refused with ${JSON.stringify(config)}, which can never match`, async () => {
      await assert.rejects(launch(config), { code: "plugin-config-invalid", message });
    });
  }
});
