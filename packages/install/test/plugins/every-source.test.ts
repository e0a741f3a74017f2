import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { InstallErrorCode, PluginsOptions } from "@drawbar/install";
import { zip } from "../archive/zip-bytes.ts";
import { cutAfter, endless, file, status } from "../servers/behaviours.ts";
import { mirrorRoutes } from "../servers/network-mirror.ts";
import { startOciRegistry } from "../servers/oci-registry.ts";
import { startRegistry } from "../servers/terraform-registry.ts";
import { printing, sha256 } from "./fake-getter.ts";
import { failure, filesBelow, output, Project, platform, scratchFolder } from "./project.ts";
import {
  certificates,
  githubSource,
  gitSource,
  npmSource,
  type Origin,
  origins,
  packages,
  prefixed,
  serverSource,
  sha512Integrity,
  webSource,
  zipName,
  zipOf,
} from "./sources-of-a-plugin.ts";

const scratch = await scratchFolder();
let count = 0;
const env = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nowhere",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Opens a source for one test, and gives it a folder of its own. */
async function withOrigin(
  open: (folder: string) => Promise<Origin>,
  work: (origin: Origin, folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(scratch, String(count++));
  await mkdir(join(folder, "source"), { recursive: true });
  const origin = await open(join(folder, "source"));
  try {
    await work(origin, folder);
  } finally {
    for (const server of origin.servers) await server[Symbol.asyncDispose]();
  }
}

describe("a plugin is installed, and again elsewhere as the lock file has it, from", () => {
  for (const [what, open] of Object.entries(origins)) {
    it(what, () =>
      withOrigin(open, async ({ source, options }, folder) => {
        const project = new Project(folder, { env, ...options });
        const install = (more: PluginsOptions) =>
          project.plugins(more).install({ name: "kv", source, version: "~> 1.0" });
        const { program, digest } = await install({});
        assert.equal(await output(program), "kv 1.0.0");
        const lock = await project.lockText();
        const fresh = { root: join(folder, "other root"), cacheFolder: join(folder, "other cache") };
        assert.equal((await install({ ...fresh, frozen: true })).digest, digest);
        assert.equal(await project.lockText(), lock);
        assert.equal((await install({ ...fresh, frozen: true, offline: true })).digest, digest);
      }),
    );
  }
});

type Attack = readonly [open: (folder: string) => Promise<Origin>, code: InstallErrorCode, words: RegExp];

const good = zipOf("1.0.0");
const escaping = zip([{ name: `../kv_v1.0.0`, content: printing("gotcha"), mode: 0o100755 }]);
const gotcha = zip([{ name: "kv_v1.0.0", content: printing("gotcha"), mode: 0o100755 }]);
const few: PluginsOptions = { limits: { retries: 0, artifactBytes: 100_000 } };

const attacks: Readonly<Record<string, Attack>> = {
  "another archive than the source's checksum says": [
    () => webSource({ [`/${zipName}`]: file(gotcha) }, `/${zipName}?checksum=${sha256(good)}`),
    "checksum-mismatch",
    /checksum parameter says/,
  ],
  "another archive than SHA256SUMS beside it says": [
    () =>
      webSource(
        { [`/${zipName}`]: file(gotcha), "/kv_1.0.0_SHA256SUMS": file(`${sha256(good)}  ${zipName}\n`) },
        `/${zipName}`,
      ),
    "checksum-mismatch",
    /SHA256SUMS says/,
  ],
  "an archive that leads out of its folder": [
    () => webSource({ [`/${zipName}`]: file(escaping) }, `/${zipName}`),
    "unsafe-archive",
    /leads out of its folder/,
  ],
  "an archive that never ends": [
    () => webSource({ [`/${zipName}`]: endless }, `/${zipName}`),
    "too-large",
    /larger than the 100000 bytes/,
  ],
  "a page where an archive should be": [
    () => webSource({ [`/${zipName}`]: status(200, {}, "<html>log in, please</html>") }, `/${zipName}`),
    "bad-archive",
    /its first bytes say no archive/,
  ],
  "an archive that is cut off": [
    () => webSource({ [`/${zipName}`]: cutAfter(good, 50) }, `/${zipName}`),
    "interrupted",
    /fewer bytes|cut/,
  ],
  "a release whose list of checksums is of another": [
    () => githubSource({ [zipName]: gotcha, "kv_1.0.0_SHA256SUMS": `${sha256(good)}  ${zipName}\n` }),
    "checksum-mismatch",
    /SHA256SUMS says/,
  ],
  "a registry's archive with another checksum": [
    async () =>
      serverSource(
        await startRegistry("kv", packages, certificates, { shasum: sha256(gotcha) }),
        ({ port }) => `localhost:${port}/test/kv`,
      ),
    "checksum-mismatch",
    /says [0-9a-f]{64}; nothing was installed/,
  ],
  "a mirror's archive with other bytes": [
    () => {
      const table = mirrorRoutes("/kv", "kv", packages);
      const path = `/kv/terraform-provider-kv_1.0.0_${platform}.zip`;
      return prefixed("mirror::", webSource({ ...table, [path]: file(gotcha) }, "/kv"));
    },
    "checksum-mismatch",
    /1\.0\.0\.json.* says/,
  ],
  "a container registry's layer with other bytes": [
    async () => {
      const overrides = { [`/v2/acme/kv/blobs/sha256:${sha256(good)}`]: file(gotcha) };
      const artifact = { tag: "1.0.0", layers: { [platform]: good } };
      return serverSource(
        await startOciRegistry("acme/kv", [artifact], certificates, { overrides }),
        ({ port }) => `oci://localhost:${port}/acme/kv`,
      );
    },
    "checksum-mismatch",
    /nothing was installed/,
  ],
  "a package with another integrity": [
    () => npmSource({ integrity: sha512Integrity(gotcha) }),
    "checksum-mismatch",
    /its sha512 is/,
  ],
  "a repository with a link out of it": [
    (folder) => gitSource(folder, { "kv_v1.0.0*": printing("kv"), passwords: "-> /etc/passwd" }),
    "unsafe-archive",
    /link/,
  ],
};

describe("nothing is installed, locked or kept of", () => {
  for (const [what, [open, code, words]] of Object.entries(attacks)) {
    it(what, () =>
      withOrigin(open, async ({ source, options }, folder) => {
        const project = new Project(folder, { env, ...few, ...options });
        const request = { name: "kv", source, version: "~> 1.0" };
        await failure(code, words, project.plugins().install(request));
        assert.equal(await project.lockText(), undefined);
        assert.deepEqual(await filesBelow(project.root), []);
        assert.deepEqual(await filesBelow(join(project.cacheFolder, "sha256")), []);
      }),
    );
  }
});
