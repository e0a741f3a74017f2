import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import { type Getter, Sources } from "@drawbar/install";
import { file, routes, status } from "./servers/behaviours.ts";
import { TestServer } from "./servers/test-server.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { failureOf } from "./support/transfer-case.ts";

test("a file of this machine is copied, with the checksums that lie beside it", async () => {
  await using folder = await TestFolder.make();
  await writeFile(folder.at("kv_1.0.0_linux_amd64.zip"), "archive");
  await writeFile(folder.at("kv_1.0.0_SHA256SUMS"), "sums");
  await writeFile(folder.at("kv_1.0.0_SHA256SUMS.sig"), "signature");
  const sources = new Sources({ cwd: folder.path, env: {} });
  const address = sources.parse("./kv_1.0.0_linux_amd64.zip");
  assert.equal(await sources.versions(address, context()), undefined);
  const { artifact, version } = await sources.release(address, undefined, context());
  assert.ok(artifact.kind === "file");
  assert.equal(version, undefined);
  assert.equal(Buffer.from(artifact.sums?.text ?? []).toString(), "sums");
  assert.deepEqual(
    artifact.sums?.signatures.map(({ kind }) => kind),
    ["openpgp"],
  );
  await artifact.fetch(folder.at("copy"), context());
  assert.equal(await readFile(folder.at("copy"), "utf8"), "archive");
  assert.equal((await stat(folder.at("copy"))).mode & 0o777, 0o600);
});

test("a folder is copied with execute bits and links, and its devices are refused", async () => {
  await using folder = await TestFolder.make();
  await mkdir(folder.at("from", "bin"), { recursive: true });
  await writeFile(folder.at("from", "bin", "kv"), "program");
  await chmod(folder.at("from", "bin", "kv"), 0o4711);
  await symlink("bin/kv", folder.at("from", "link"));
  await mkdir(folder.at("to"));
  const sources = new Sources({ cwd: folder.path, env: {} });
  const address = sources.parse("./from");
  const { artifact } = await sources.release(address, undefined, context());
  assert.equal(artifact.kind, "tree");
  let bytes = 0;
  await artifact.fetch(folder.at("to"), context({ onBytes: (received) => (bytes = received) }));
  assert.equal((await stat(folder.at("to", "bin", "kv"))).mode & 0o7777, 0o755);
  assert.equal(await readlink(folder.at("to", "link")), "bin/kv");
  assert.equal(bytes, 7);

  await promisify(execFile)("mkfifo", [folder.at("from", "pipe")]);
  await mkdir(folder.at("again"));
  const failure = await failureOf(artifact.fetch(folder.at("again"), context()));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /neither a file, a folder nor a link/);
});

test("what is not there, too large or cancelled leaves nothing", async () => {
  await using folder = await TestFolder.make();
  await writeFile(folder.at("kv"), "x".repeat(2000));
  const sources = new Sources({ cwd: folder.path, env: {}, limits: { artifactBytes: 1000 } });
  assert.equal(
    (await failureOf(sources.release(sources.parse("./no"), undefined, context()))).code,
    "not-found",
  );
  const { artifact } = await sources.release(sources.parse("./kv"), undefined, context());
  assert.equal((await failureOf(artifact.fetch(folder.at("copy"), context()))).code, "too-large");
  const large = new Sources({ cwd: folder.path, env: {} });
  const other = await large.release(large.parse("./kv"), undefined, context());
  const signal = AbortSignal.abort();
  assert.equal(
    (await failureOf(other.artifact.fetch(folder.at("copy"), context({ signal })))).code,
    "cancelled",
  );
  assert.deepEqual(await folder.list(), ["kv"]);
});

test("a URL's checksums are looked for beside it, and a checksum of the address comes before them", async () => {
  const table = {
    "/kv_1.0.0_linux_amd64.zip": file("archive"),
    "/kv_1.0.0_SHA256SUMS": file("sums"),
    "/kv_1.0.0_SHA256SUMS.minisig": file("signature"),
    "/kv_2.0.0_linux_amd64.zip": file("archive"),
    "/kv_2.0.0_SHA256SUMS": status(403),
    "/other/SUMS": file("other sums"),
  };
  await using server = await TestServer.start(routes(table));
  const sources = new Sources({ env: { HOME: "/nowhere" } });
  const released = async (text: string) => {
    const { artifact } = await sources.release(sources.parse(server.origin + text), undefined, context());
    assert.ok(artifact.kind === "file");
    return artifact;
  };
  const beside = await released("/kv_1.0.0_linux_amd64.zip");
  assert.equal(beside.sums?.origin, `${server.origin}/kv_1.0.0_SHA256SUMS`);
  assert.deepEqual(
    beside.sums?.signatures.map(({ kind }) => kind),
    ["minisign"],
  );
  assert.equal((await released("/kv_2.0.0_linux_amd64.zip")).sums, undefined);

  const hex = "ab".repeat(32);
  const claimed = await released(`/kv_1.0.0_linux_amd64.zip?checksum=sha256:${hex}`);
  assert.deepEqual(claimed.digests, [{ hash: "sha256", digest: hex, by: "the source's checksum parameter" }]);
  const listed = await released(`/kv_1.0.0_linux_amd64.zip?checksum=file:${server.origin}/other/SUMS`);
  assert.equal(Buffer.from(listed.sums?.text ?? []).toString(), "other sums");
  const missing = released(`/kv_1.0.0_linux_amd64.zip?checksum=file:${server.origin}/none`);
  assert.equal((await failureOf(missing)).code, "not-found");
  assert.equal((await released("/download?archive=tar.gz&x=1")).fileName, "download.tar.gz");
  assert.equal((await released("/download?filename=kv.zip")).fileName, "kv.zip");
  assert.equal((await failureOf(released("/download?filename=..%2Fkv.zip"))).code, "bad-source");
});

test("getters and detectors of one's own stand beside the others, and may replace them", async () => {
  const own: Getter = {
    name: "own",
    versions: async () => ["1.0.0"],
    release: async ({ location }, version) => ({
      version,
      artifact: { kind: "tree", origin: location, fetch: async () => {} },
    }),
  };
  const detectors = [
    { name: "own", detect: (text: string) => (/^ours:/.test(text) ? `own::${text.slice(5)}` : undefined) },
  ];
  const sources = new Sources({ env: {}, getters: [own, { ...own, name: "npm" }], detectors });
  const release = await sources.release(sources.parse("ours:kv"), "1.0.0", context());
  assert.equal(release.artifact.origin, "kv");
  assert.deepEqual(await sources.versions(sources.parse("npm:kv"), context()), ["1.0.0"]);
  const withChecksum = sources.parse(`ours:kv?checksum=${"ab".repeat(32)}`);
  assert.equal((await failureOf(sources.release(withChecksum, "1.0.0", context()))).code, "bad-source");
  assert.throws(
    () => sources.parse("s3::x"),
    /there is no getter s3, but file, git, github, http, mirror, npm, oci, own, registry/,
  );
});
