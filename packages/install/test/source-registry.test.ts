import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources } from "@drawbar/install";
import { json, status } from "./servers/behaviours.ts";
import { testCertificates } from "./servers/certificates.ts";
import { sha256, startRegistry, sumsOf, type TestPackage } from "./servers/terraform-registry.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { failureOf } from "./support/transfer-case.ts";

const certificates = testCertificates();
const packages: readonly TestPackage[] = [
  { version: "1.0.0", platform: "linux_amd64", bytes: Buffer.from("one for linux") },
  { version: "1.1.0", platform: "linux_amd64", bytes: Buffer.from("two for linux") },
  { version: "1.1.0", platform: "darwin_arm64", bytes: Buffer.from("two for darwin") },
  { version: "2.0.0", platform: "darwin_arm64", bytes: Buffer.from("three for darwin") },
];
const two = packages[1]?.bytes ?? Buffer.alloc(0);

function sources(): Sources {
  return new Sources({ env: { HOME: "/nowhere" }, ca: certificates.ca });
}

test("a registry's versions are those for the platform, and a release has all that the registry says of it", async () => {
  const options = { keys: ["the armoured key"], signature: Buffer.from("the signature") };
  await using registry = await startRegistry("time", packages, certificates, options);
  await using folder = await TestFolder.make();
  const address = sources().parse(`localhost:${registry.port}/test/time`);
  const registrySources = sources();
  assert.deepEqual(await registrySources.versions(address, context()), ["1.0.0", "1.1.0"]);
  const { artifact, version } = await registrySources.release(address, "1.1.0", context());
  assert.ok(artifact.kind === "file");
  assert.equal(version, "1.1.0");
  assert.equal(artifact.fileName, "terraform-provider-time_1.1.0_linux_amd64.zip");
  assert.equal(artifact.origin, `${registry.origin}/files/${artifact.fileName}`);
  assert.deepEqual(
    artifact.digests.map(({ hash, digest }) => [hash, digest]),
    [["sha256", sha256(two)]],
  );
  const { sums } = artifact;
  assert.equal(Buffer.from(sums?.text ?? []).toString(), sumsOf("time", packages.slice(1, 3)));
  assert.deepEqual(sums?.offeredKeys, ["the armoured key"]);
  assert.deepEqual(
    sums?.signatures.map(({ kind, bytes }) => [kind, String(bytes)]),
    [["openpgp", "the signature"]],
  );
  await artifact.fetch(folder.at("x"), context());
  assert.deepEqual(await readFile(folder.at("x")), two);
  assert.equal(registry.paths.filter((path) => path.startsWith("/.well-known")).length, 1);
});

test("a platform that nothing is for is told with what there is", async () => {
  await using registry = await startRegistry("time", packages, certificates);
  const address = sources().parse(`localhost:${registry.port}/test/time`);
  const platform = { os: "windows", arch: "386" };
  const failure = await failureOf(sources().versions(address, context({ platform })));
  assert.equal(failure.code, "no-platform-fits");
  assert.match(failure.message, /is for windows_386; there are 1\.0\.0, 1\.1\.0, 2\.0\.0$/);
  const missing = await failureOf(sources().release(address, "9.9.9", context()));
  assert.equal(missing.code, "not-found");
});

test("what a registry must not say is refused", async () => {
  const path = "/api/providers/test/time/1.1.0/download/linux/amd64";
  const good = { filename: "x_1.1.0_linux_amd64.zip", download_url: "/files/x", shasum: sha256(two) };
  for (const [answer, message] of [
    [{ ...good, filename: "../../x.zip" }, /is no file's name/],
    [{ ...good, download_url: "http://localhost/x" }, /download_url must be an https: URL/],
    [{ ...good, download_url: "file:///etc/passwd" }, /download_url must be an https: URL/],
    [{ ...good, shasum: "12" }, /shasum must be a SHA-256/],
    [{ ...good, filename: 7 }, /filename must be a text/],
    [{ ...good, signing_keys: [] }, undefined],
    ["text", /an object is expected/],
  ] as const) {
    await using registry = await startRegistry("time", packages, certificates, {
      overrides: { [path]: json(answer) },
    });
    const address = sources().parse(`localhost:${registry.port}/test/time`);
    const release = sources().release(address, "1.1.0", context());
    if (message === undefined) {
      await release;
      continue;
    }
    const failure = await failureOf(release);
    assert.equal(failure.code, "refused");
    assert.match(failure.message, message);
  }
});

test("a host without a registry is told as such", async () => {
  for (const [answer, code, message] of [
    [json({ "modules.v1": "/x" }), "not-found", /names no providers\.v1/],
    [json({ "providers.v1": "http://localhost/x" }), "refused", /must be an https: URL/],
    [status(200, {}, "<html>"), "refused", /it is not JSON/],
    [status(404), "not-found", /nothing there/],
  ] as const) {
    const overrides = { "/.well-known/terraform.json": answer };
    await using registry = await startRegistry("time", packages, certificates, { overrides });
    const address = sources().parse(`localhost:${registry.port}/test/time`);
    const failure = await failureOf(sources().versions(address, context()));
    assert.equal(failure.code, code);
    assert.match(failure.message, message);
  }
});
