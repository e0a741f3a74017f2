import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { InstallProgress, PluginsOptions } from "@drawbar/install";
import { FakeGetter, printing, sha256 } from "./fake-getter.ts";
import { failure, filesBelow, output, Project, platform, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
let count = 0;
const kv = { name: "kv", source: "fake::kv" };
const plan9 = { os: "plan9", arch: "mips" };
const solaris = { os: "solaris", arch: "sparc" };

/** A project, and a source whose versions have a build for each of three platforms. */
function begin(): { getter: FakeGetter; project: Project } {
  const getter = new FakeGetter();
  for (const version of ["1.0.0", "1.1.0"]) {
    getter.offer("kv", version, {
      builds: {
        [platform]: printing(`kv ${version}`),
        plan9_mips: printing(`plan9 ${version}`),
        solaris_sparc: printing(`solaris ${version}`),
      },
    });
  }
  return { getter, project: new Project(join(scratch, String(count++)), { getters: [getter] }) };
}

describe("an install that locks other platforms", () => {
  it("writes down what they would install, and installs for its own alone", async () => {
    const { project, getter } = begin();
    const steps: string[] = [];
    const onProgress = ({ kind, platform: of }: InstallProgress): void => {
      steps.push(of === undefined ? kind : `${kind} for ${of}`);
    };
    const lockPlatforms = [plan9, solaris, plan9];
    const plugin = await project.plugins({ lockPlatforms, onProgress }).install({ ...kv, version: "1.0.0" });
    assert.equal(await output(plugin.program), "kv 1.0.0");
    assert.deepEqual(await readdir(join(project.root, "kv", "1.0.0")), [platform]);
    const digests = {
      [platform]: sha256(printing("kv 1.0.0")),
      plan9_mips: sha256(printing("plan9 1.0.0")),
      solaris_sparc: sha256(printing("solaris 1.0.0")),
    };
    const entries = Object.entries(digests).sort();
    const { hashes, programs } = (await project.locked())?.["kv"] ?? {};
    assert.deepEqual(hashes, Object.fromEntries(entries.map(([key, hex]) => [key, [`sha256:${hex}`]])));
    assert.deepEqual(programs, Object.fromEntries(entries.map(([key, hex]) => [key, `sha256:${hex}`])));
    const other = ["resolving", "fetching", "unpacking"];
    assert.deepEqual(steps, [
      ...other,
      ...other.map((step) => `${step} for plan9_mips`),
      ...other.map((step) => `${step} for solaris_sparc`),
      "locked for plan9_mips",
      "locked for solaris_sparc",
      "installed",
    ]);
    getter.asked.length = 0;
    await project.plugins({ lockPlatforms, offline: true }).install(kv);
    assert.deepEqual(getter.asked, [], "what is locked is not asked for again");
  });

  it("lets a frozen install work there, which is held to it", async () => {
    const { project, getter } = begin();
    await project.plugins({ lockPlatforms: [plan9] }).install(kv);
    const there: PluginsOptions = { platform: plan9, frozen: true, root: join(scratch, "plan9") };
    const elsewhere = { ...there, cacheFolder: join(scratch, "plan9 cache") };
    const lock = await project.lockText();
    const [plugin] = await project.plugins(elsewhere).installLocked();
    assert.equal(await output(plugin?.program ?? ""), "plan9 1.1.0");
    assert.equal(await project.lockText(), lock);
    getter.offer("kv", "1.1.0", { builds: { plan9_mips: printing("something else") } });
    const again = { ...elsewhere, root: join(scratch, "again"), cacheFolder: join(scratch, "again cache") };
    await failure("lock-mismatch", /not what the lock file has/, project.plugins(again).installLocked());
  });

  it("adds a platform to what is installed, in the version that is locked", async () => {
    const { project } = begin();
    const { version } = await project.plugins().install({ ...kv, version: "1.0.0" });
    await project.plugins({ lockPlatforms: [plan9] }).installLocked();
    const entry = (await project.locked())?.["kv"] as { programs: object; version: string };
    assert.equal(entry.version, version);
    assert.deepEqual(Object.keys(entry.programs).sort(), [platform, "plan9_mips"].sort());
  });

  it("takes them along in an update, and says where they were left behind", async () => {
    const { project, getter } = begin();
    const left: unknown[] = [];
    const onProgress = (step: InstallProgress) =>
      step.kind === "unlocked" && left.push([step.version, step.platforms]);
    await project.plugins({ lockPlatforms: [plan9], onProgress }).install({ ...kv, version: "1.0.0" });
    assert.deepEqual(left, []);
    await project.plugins({ onProgress }).install({ ...kv, version: "1.1.0" });
    assert.deepEqual(left, [["1.1.0", ["plan9_mips"]]]);
    await project.plugins({ lockPlatforms: [plan9] }).install({ ...kv, version: "~> 1.0" });
    const newer = { [platform]: printing("kv 1.2.0"), plan9_mips: printing("plan9 1.2.0") };
    getter.offer("kv", "1.2.0", { builds: newer });
    await project.plugins({ lockPlatforms: [plan9] }).update();
    const { programs } = (await project.locked())?.["kv"] ?? {};
    const locked = Object.entries(newer).map(([key, text]) => [key, `sha256:${sha256(text)}`]);
    assert.deepEqual(programs, Object.fromEntries(locked));
  });

  it("changes nothing if one of them cannot be had or cannot be started", async () => {
    const { project, getter } = begin();
    getter.offer("kv", "1.2.0", { builds: { [platform]: printing("kv"), plan9_mips: "no program" } });
    const lockPlatforms = [plan9];
    const install = (more: PluginsOptions) => project.plugins({ lockPlatforms, ...more }).install(kv);
    await failure("bad-manifest", /cannot be started/, install({}));
    await failure("no-platform-fits", /nothing for solaris_sparc/, install({ lockPlatforms: [solaris] }));
    assert.equal(await project.lockText(), undefined);
    assert.deepEqual(await filesBelow(project.root), []);
  });

  it("takes the newest version that is there for its platform, and locks this one alone", async () => {
    const { project, getter } = begin();
    getter.offer("kv", "1.2.0", { builds: { plan9_mips: printing("plan9 1.2.0") } });
    assert.equal((await project.plugins().install(kv)).version, "1.1.0");
    getter.offer("kv", "1.3.0", { builds: { [platform]: printing("kv 1.3.0") } });
    const lockPlatforms = [plan9];
    await failure("no-platform-fits", /plan9_mips/, project.plugins({ lockPlatforms }).update());
    const exact = project.plugins().install({ ...kv, version: "1.2.0" });
    await failure("no-platform-fits", new RegExp(`nothing for ${platform}`), exact);
  });

  it("is refused where the lock file is frozen and lacks one", async () => {
    const { project } = begin();
    await project.plugins({ lockPlatforms: [plan9] }).install(kv);
    await project.plugins({ lockPlatforms: [plan9], frozen: true, offline: true }).installLocked();
    await failure(
      "lock-mismatch",
      /no hash of plugin kv 1\.1\.0 for solaris_sparc \(it has: .*plan9_mips.*\).*drawbar install kv --platform solaris_sparc/,
      project.plugins({ lockPlatforms: [solaris], frozen: true }).installLocked(),
    );
  });

  it("is refused for what is one file of this platform, and for what is no platform", async () => {
    const { project, getter } = begin();
    getter.offer("one", "1.0.0", { fileName: `one_1.0.0_${platform}`, bytes: printing("one") });
    const one = { name: "one", source: "fake::one" };
    await failure(
      "no-platform-fits",
      /is one file, for .*nothing that could be locked for plan9_mips/,
      project.plugins({ lockPlatforms: [plan9] }).install(one),
    );
    const bad = { os: "../../..", arch: "x" };
    const refused = project.plugins({ lockPlatforms: [bad] }).install(kv);
    await failure("no-platform-fits", /a platform is an os and an arch, such as linux_arm64/, refused);
  });
});
