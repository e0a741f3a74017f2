import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "@drawbar/cli";
import { type InstalledPlugin, Plugins, thisPlatform } from "@drawbar/install";
import { PluginClient } from "drawbar";
import { peerPath } from "../support/peer-path.ts";
import { StaticSite } from "./static-site.ts";
import { terraformHandshake, versionedPlugins } from "./terraform-protocol.ts";

const name = "terraform-provider-time";
const version = "0.14.2";
const { os, arch } = thisPlatform();
const platform = `${os}_${arch}`;
const archive = `${name}_${version}_${platform}.zip`;
// Where Terraform's network mirror protocol has the provider, below the mirror's own address.
const address = "registry.terraform.io/hashicorp/time";

describe("terraform-provider-time, packed, signed and published with drawbar", () => {
  let folder = "";
  let site: StaticSite;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "drawbar-terraform-"));
    const program = await peerPath(name);
    await writeFile(join(folder, "elsewhere"), "#!/bin/sh\necho a build for another platform\n");
    await drawbar(".", "sign", "--generate", "acme", "--no-passphrase");
    const builds = [`${platform}=${program}`, "plan9_mips=elsewhere"];
    await drawbar(".", "pack", ...builds, "--name", name, "--version", version);
    await drawbar(".", "sign", "dist", "--key", "acme.key");
    await drawbar(".", "publish", "dist", `site/${address}`);
    site = await StaticSite.serve(join(folder, "site"));
    await writeFile(join(folder, "ca.pem"), site.ca);
  });
  after(async () => {
    await site[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Runs a command that must succeed, in a project that has a lock file, a root and a cache of its own. */
  async function drawbar(project: string, ...args: readonly string[]): Promise<string> {
    const cwd = join(folder, project);
    await mkdir(cwd, { recursive: true });
    let [out, err] = ["", ""];
    const code = await run(args, {
      cwd,
      env: { DRAWBAR_PLUGIN_ROOT: join(cwd, "root"), DRAWBAR_CACHE: join(cwd, "cache") },
      signal: new AbortController().signal,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      stdin: (async function* () {})(),
      terminal: false,
      colors: false,
    });
    assert.equal(code, 0, err);
    return out;
  }

  it("is installed from a network mirror, signed and locked, and tells its schema", async () => {
    const source = `mirror::https://${site.host}/${address}`;
    const flags = ["--key", "../acme.pub", "--ca", "../ca.pem", "--platform", "plan9_mips", "--json"];
    const out = await drawbar("mirror", "install", name, source, "--version", "~> 0.14", ...flags);
    const installed: InstalledPlugin = JSON.parse(out)[0];
    assert.equal(installed.program.split("/").at(-1), `${name}_v0.14.2`);
    const { hashes, programs } = JSON.parse(
      await readFile(join(folder, "mirror", "drawbar.lock.json"), "utf8"),
    ).plugins[name];
    assert.deepEqual(Object.keys(hashes).sort(), [platform, "plan9_mips"].sort());
    assert.equal(programs[platform], installed.digest);
    assert.ok("plan9_mips" in programs);
    assert.deepEqual(await readdir(join(folder, "mirror", "root", name, "0.14.2")), [platform]);

    await using client = await PluginClient.launch({
      handshake: terraformHandshake,
      versionedPlugins,
      autoMtls: true,
      plugin: name,
      version: "~> 0.14",
      finder: new Plugins({
        root: join(folder, "mirror", "root"),
        lockFile: join(folder, "mirror", "drawbar.lock.json"),
      }),
    });
    assert.deepEqual([client.protocol, client.version], ["grpc", 5]);
    const provider = await client.dispense("provider");
    const schema = await provider.readSchema(undefined);
    assert.deepEqual(schema.diagnostics, []);
    assert.deepEqual([...schema.resources.keys()].sort(), [
      "time_offset",
      "time_rotating",
      "time_sleep",
      "time_static",
    ]);
    const attributes = schema.resources.get("time_sleep")?.attributes;
    assert.deepEqual(attributes?.get("create_duration"), { type: '"string"', required: false });
    assert.deepEqual(attributes?.get("triggers"), { type: '["map","string"]', required: false });
    assert.ok(schema.functions.includes("rfc3339_parse"));
    await client.ping();
  });

  it("is installed from a registry of Terraform's protocol, which says where the same files are", async () => {
    const base = join(folder, "site", "registry", "hashicorp", "time");
    const files = `/${address}`;
    const sums = await readFile(join(folder, "site", address, `${name}_${version}_SHA256SUMS`), "utf8");
    await mkdir(join(folder, "site", ".well-known"));
    await mkdir(join(base, version, "download", os), { recursive: true });
    const documents: Readonly<Record<string, unknown>> = {
      [join(folder, "site", ".well-known", "terraform.json")]: { "providers.v1": "/registry/" },
      [join(base, "versions")]: { versions: [{ version, protocols: ["5.0"], platforms: [{ os, arch }] }] },
      [join(base, version, "download", os, arch)]: {
        protocols: ["5.0"],
        os,
        arch,
        filename: archive,
        download_url: `${files}/${archive}`,
        shasums_url: `${files}/${name}_${version}_SHA256SUMS`,
        shasum: sums
          .split("\n")
          .find((line) => line.endsWith(archive))
          ?.slice(0, 64),
      },
    };
    for (const [path, document] of Object.entries(documents)) await writeFile(path, JSON.stringify(document));
    site.paths.length = 0;
    const source = `${site.host}/hashicorp/time`;
    await drawbar("registry", "install", name, source, "--key", "../acme.pub", "--ca", "../ca.pem");
    assert.ok(site.paths.includes(`${files}/${archive}`), site.paths.join(" "));
    // From the shell: providers tell their services by reflection.
    const answer = await drawbar("registry", "call", "--mtls", "--json", "Provider/GetSchema", name);
    assert.ok("time_rotating" in JSON.parse(answer).resourceSchemas);
  });
});
