import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources } from "@drawbar/install";
import { GithubTestApi, type GithubTestRelease } from "./servers/github-api.ts";
import { sha256 } from "./servers/terraform-registry.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { failureOf } from "./support/transfer-case.ts";

const releases: readonly GithubTestRelease[] = [
  { tag: "v2.0.0-rc.1", prerelease: true, files: { "kv_2.0.0-rc.1_linux_amd64.zip": "rc" } },
  { tag: "v1.9.0", prerelease: true, files: { "kv_1.9.0_linux_amd64.zip": "not finished" } },
  { tag: "v1.8.0", draft: true, files: { "kv_1.8.0_linux_amd64.zip": "draft" } },
  {
    tag: "v1.2.0",
    files: {
      "kv_1.2.0_linux_amd64.zip": "linux",
      "kv_1.2.0_linux_amd64.zip.sbom.json": "{}",
      "kv_1.2.0_darwin_arm64.zip": "darwin",
      "kv_1.2.0_SHA256SUMS": "the sums",
      "kv_1.2.0_SHA256SUMS.sig": "openpgp signature",
      "kv_1.2.0_SHA256SUMS.minisig": "minisign signature",
    },
  },
  {
    tag: "1.1.0",
    files: { "kv-x86_64-unknown-linux.tar.gz": "spelled otherwise", "kv-aarch64-apple-darwin.tar.gz": "" },
  },
  { tag: "v1.0.0", files: { "kv_1.0.0_darwin_arm64.zip": "darwin only" } },
  { tag: "nightly", files: { kv_linux_amd64: "a program", "kv-linux-amd64-debug": "another" } },
];

function sources(api: GithubTestApi, env: Record<string, string> = {}): Sources {
  return new Sources({ env: { HOME: "/nowhere", ...env }, githubApi: api.api.origin });
}

test("the versions of a repository are its releases that have something for the platform", async () => {
  await using api = await GithubTestApi.start("owner/kv", releases);
  const github = sources(api);
  const address = github.parse("github.com/owner/kv");
  assert.deepEqual(await github.versions(address, context()), ["2.0.0-rc.1", "1.2.0", "1.1.0"]);
  const platform = { os: "plan9", arch: "arm" };
  const failure = await failureOf(github.versions(address, context({ platform })));
  assert.equal(failure.code, "no-platform-fits");
  assert.equal(
    (await failureOf(github.versions(github.parse("github.com/owner/none"), context()))).code,
    "not-found",
  );
});

test("a release gives the platform's file with its digest, checksums and signatures; a token stays with the API", async () => {
  await using api = await GithubTestApi.start("owner/kv", releases);
  await using folder = await TestFolder.make();
  const github = sources(api, { DRAWBAR_TOKEN_localhost: "token-of-the-api" });
  const { artifact } = await github.release(github.parse("github.com/owner/kv"), "1.2.0", context());
  assert.ok(artifact.kind === "file");
  assert.equal(artifact.fileName, "kv_1.2.0_linux_amd64.zip");
  assert.deepEqual(
    artifact.digests.map(({ digest }) => digest),
    [sha256(Buffer.from("linux"))],
  );
  assert.equal(String(Buffer.from(artifact.sums?.text ?? [])), "the sums");
  const signatures = artifact.sums?.signatures.map(({ kind, bytes }) => `${kind}: ${Buffer.from(bytes)}`);
  assert.deepEqual(signatures, ["openpgp: openpgp signature", "minisign: minisign signature"]);
  await artifact.fetch(folder.at("x"), context());
  assert.equal(await readFile(folder.at("x"), "utf8"), "linux");
  assert.equal(api.api.requests.at(-1)?.headers["authorization"], "Bearer token-of-the-api");
});

test("other spellings of a platform are understood, and a tag may lack its v", async () => {
  await using api = await GithubTestApi.start("owner/kv", releases);
  const github = sources(api);
  const { artifact } = await github.release(github.parse("github.com/owner/kv"), "1.1.0", context());
  assert.ok(artifact.kind === "file");
  assert.equal(artifact.fileName, "kv-x86_64-unknown-linux.tar.gz");
});

test("a tag and a file can be chosen by name; two that fit have to be", async () => {
  await using api = await GithubTestApi.start("owner/kv", releases);
  const github = sources(api);
  const chosen = github.parse("github.com/owner/kv?ref=nightly&asset=kv-linux-amd64-debug");
  assert.equal(await github.versions(chosen, context()), undefined);
  const { artifact, version } = await github.release(chosen, undefined, context());
  assert.equal(version, undefined);
  assert.ok(artifact.kind === "file" && artifact.fileName === "kv-linux-amd64-debug");
  const missing = github.parse("github.com/owner/kv?ref=nightly&asset=kv");
  assert.match(
    (await failureOf(github.release(missing, undefined, context()))).message,
    /has no kv, but kv_linux_amd64, /,
  );
  const unknown = github.parse("github.com/owner/kv?reff=nightly");
  const failure = await failureOf(github.versions(unknown, context()));
  assert.equal(failure.code, "bad-source");
  assert.match(failure.message, /github has no parameter reff, but ref, asset/);
});

test("the releases of many pages are read", async () => {
  const many = Array.from({ length: 230 }, (_, index) => ({
    tag: `v0.${index}.0`,
    files: { kv_linux_amd64: "x" },
  }));
  await using api = await GithubTestApi.start("owner/kv", many);
  const github = sources(api);
  const versions = await github.versions(github.parse("github.com/owner/kv"), context());
  assert.equal(versions?.length, 230);
  assert.equal(api.api.requests.length, 3);
});
