import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { peerPath } from "../support/peer-path.ts";

// From conformance/dist/packaging, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

describe("the single file that `drawbar build` makes of a plugin, alone in a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-built-"));
  const programs = join(folder, "programs");
  after(() => rmSync(folder, { recursive: true }));

  before(async () => {
    const drawbar = join(root, "packages", "cli", "bundle", "bin", "drawbar.js");
    const stores = ["grpc", "netrpc"].map((protocol) =>
      join("examples", "kv", "src", `plugin-${protocol}.ts`),
    );
    const entries = [...stores, join("conformance", "drawbar", "probe-plugin.ts")];
    await run(process.execPath, [drawbar, "build", ...entries, "--out-dir", programs], { cwd: root });
    for (const name of readdirSync(programs)) if (name.endsWith(".map")) rmSync(join(programs, name));
  });

  for (const protocol of ["grpc", "netrpc"]) {
    it(`go-plugin's host stores and reads a value through it over ${protocol}`, async () => {
      const goHost = await peerPath("goplugin-examples", "grpc-host");
      const env = { ...process.env, KV_PROTO: protocol, KV_PLUGIN: join(programs, `plugin-${protocol}`) };
      await run(goHost, ["put", "hello", "world"], { cwd: folder, env });
      const { stdout } = await run(goHost, ["get", "hello"], { cwd: folder, env });
      assert.equal(stdout, `world\n\nWritten from plugin-ts-${protocol}\n`);
    });
  }

  it("a host on go-plugin 1.8.0 calls it over AutoMTLS", async () => {
    const goHost = await peerPath("goplugin-grpc-1.8.0", "goplugin");
    const host = run(goHost, ["host", "-automtls", "--", join(programs, "probe-plugin")], { cwd: folder });
    host.child.stdin?.end('{"id":1,"op":"do","text":"env PLUGIN_CLIENT_CERT"}\n');
    const { result } = JSON.parse((await host).stdout);
    assert.match(result, /^-----BEGIN CERTIFICATE-----\n/);
  });
});
