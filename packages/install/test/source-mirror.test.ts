import assert from "node:assert/strict";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources } from "@drawbar/install";
import { json, redirect, routes, withLogin } from "./servers/behaviours.ts";
import { mirrorRoutes } from "./servers/network-mirror.ts";
import { packageName, sha256, sumsOf, type TestPackage } from "./servers/terraform-registry.ts";
import { TestServer } from "./servers/test-server.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { failureOf } from "./support/transfer-case.ts";

const base = "/providers/registry.example.com/test/time";
const packages: readonly TestPackage[] = [
  { version: "1.0.0", platform: "linux_amd64", bytes: Buffer.from("one for linux") },
  { version: "1.1.0", platform: "linux_amd64", bytes: Buffer.from("two for linux") },
  { version: "1.1.0", platform: "darwin_arm64", bytes: Buffer.from("two for darwin") },
];
const two = packages[1]?.bytes ?? Buffer.alloc(0);
const sources = new Sources({ env: { HOME: "/nowhere" } });

test("a network mirror gives versions, archives, hashes and the list of checksums beside them", async () => {
  await using server = await TestServer.start(routes(mirrorRoutes(base, "time", packages)));
  await using folder = await TestFolder.make();
  const address = sources.parse(`mirror::${server.origin}${base}`);
  assert.deepEqual(await sources.versions(address, context()), ["1.0.0", "1.1.0"]);
  const { artifact } = await sources.release(address, "1.1.0", context());
  assert.ok(artifact.kind === "file");
  assert.deepEqual(
    artifact.digests.map(({ hash, digest }) => [hash, digest]),
    [["sha256", sha256(two)]],
  );
  assert.equal(Buffer.from(artifact.sums?.text ?? []).toString(), sumsOf("time", packages.slice(1)));
  await artifact.fetch(folder.at("x"), context());
  assert.deepEqual(await readFile(folder.at("x")), two);
});

test("the same files are a mirror as a folder, too", async () => {
  await using folder = await TestFolder.make();
  const name = packageName("time", { version: "1.1.0", platform: "linux_amd64", bytes: two });
  await writeFile(folder.at("index.json"), JSON.stringify({ versions: { "1.1.0": {} } }));
  const archives = { linux_amd64: { url: name, hashes: [`zh:${sha256(two)}`] } };
  await writeFile(folder.at("1.1.0.json"), JSON.stringify({ archives }));
  await writeFile(folder.at(name), two);
  await writeFile(folder.at("terraform-provider-time_1.1.0_SHA256SUMS"), sumsOf("time", packages.slice(1)));
  await writeFile(folder.at("terraform-provider-time_1.1.0_SHA256SUMS.minisig"), "signed");
  const address = sources.parse(`mirror::${folder.path}`);
  assert.deepEqual(await sources.versions(address, context()), ["1.1.0"]);
  const { artifact } = await sources.release(address, "1.1.0", context());
  assert.ok(artifact.kind === "file");
  assert.equal(artifact.fileName, name);
  assert.deepEqual(
    artifact.sums?.signatures.map(({ kind }) => kind),
    ["minisign"],
  );
  await artifact.fetch(folder.at("x"), context());
  assert.deepEqual(await readFile(folder.at("x")), two);
});

test("a mirror's credentials go to the mirror, and not to where it says that the archive is", async () => {
  const login = `Basic ${Buffer.from("user:pass").toString("base64")}`;
  await using other = await TestServer.start(routes(mirrorRoutes("", "time", packages)));
  const url = `${other.origin}/terraform-provider-time_1.0.0_linux_amd64.zip`;
  const table = {
    [`${base}/index.json`]: withLogin(login, redirect(`${base}/other.json`)),
    [`${base}/other.json`]: withLogin(login, json({ versions: { "1.0.0": {} } })),
    [`${base}/1.0.0.json`]: withLogin(login, json({ archives: { linux_amd64: { url } } })),
  };
  await using server = await TestServer.start(routes(table));
  await using folder = await TestFolder.make();
  const address = sources.parse(`mirror::http://user:pass@localhost:${server.port}${base}`);
  assert.deepEqual(await sources.versions(address, context()), ["1.0.0"]);
  const { artifact } = await sources.release(address, "1.0.0", context());
  await artifact.fetch(folder.at("x"), context());
  assert.deepEqual([...new Set(other.requests.map(({ headers }) => headers["authorization"]))], [undefined]);
});

test("what a mirror lacks or must not say is told", async () => {
  const table = {
    [`${base}/1.0.0.json`]: json({ archives: { darwin_arm64: { url: "x.zip" } } }),
    [`${base}/1.1.0.json`]: json({ archives: { linux_amd64: { url: "x.zip", hashes: ["zh:12"] } } }),
    [`${base}/1.2.0.json`]: json({ archives: { linux_amd64: { url: "..%2f..%2fx" } } }),
  };
  await using server = await TestServer.start(routes(table));
  const address = sources.parse(`mirror::${server.origin}${base}`);
  const failure = (version: string) => failureOf(sources.release(address, version, context()));
  assert.match((await failure("1.0.0")).message, /has 1\.0\.0 for darwin_arm64, not for linux_amd64/);
  assert.equal((await failure("1.0.0")).code, "no-platform-fits");
  assert.match((await failure("1.1.0")).message, /zh: must be a SHA-256/);
  assert.match((await failure("1.2.0")).message, /is no file's name/);
  assert.equal((await failure("1.3.0")).code, "not-found");
  assert.equal((await failure("../1.3.0")).code, "refused");
});

test("a filesystem mirror is read packed and unpacked", async () => {
  await using folder = await TestFolder.make();
  const mirror = folder.at("mirror");
  await mkdir(`${mirror}/2.0.0/linux_amd64/data`, { recursive: true });
  await writeFile(`${mirror}/2.0.0/linux_amd64/terraform-provider-time_v2.0.0`, "program", { mode: 0o755 });
  await writeFile(`${mirror}/2.0.0/linux_amd64/data/x`, "data");
  await symlink("linux_amd64", `${mirror}/2.0.0/linux_arm64`);
  await writeFile(`${mirror}/terraform-provider-time_1.1.0_linux_amd64.zip`, two);
  await writeFile(`${mirror}/terraform-provider-time_1.1.0_SHA256SUMS`, sumsOf("time", packages.slice(1)));
  await writeFile(`${mirror}/README`, "not a package");
  const address = sources.parse(`mirror::${mirror}`);
  assert.deepEqual([...((await sources.versions(address, context())) ?? [])].sort(), ["1.1.0", "2.0.0"]);

  const packed = await sources.release(address, "1.1.0", context());
  assert.ok(packed.artifact.kind === "file" && packed.artifact.sums !== undefined);
  const unpacked = await sources.release(address, "2.0.0", context());
  assert.equal(unpacked.artifact.kind, "tree");
  await mkdir(folder.at("out"));
  await unpacked.artifact.fetch(folder.at("out"), context());
  assert.equal(await readFile(folder.at("out", "data", "x"), "utf8"), "data");

  const platform = { os: "windows", arch: "amd64" };
  const failure = await failureOf(sources.versions(address, context({ platform })));
  assert.equal(failure.code, "no-platform-fits");
  assert.match(failure.message, /1\.1\.0 for linux_amd64/);
  const nowhere = sources.parse(`mirror::${folder.at("nowhere")}`);
  assert.equal((await failureOf(sources.versions(nowhere, context()))).code, "not-found");
});
