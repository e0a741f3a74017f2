import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources } from "@drawbar/install";
import { json } from "./servers/behaviours.ts";
import { testCertificates } from "./servers/certificates.ts";
import { startOciRegistry } from "./servers/oci-registry.ts";
import { sha256 } from "./servers/terraform-registry.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf } from "./support/transfer-case.ts";

const certificates = testCertificates();
const linux = Buffer.from("for linux");
const artifacts = [
  { tag: "v1.0.0", layers: { linux_amd64: linux, darwin_arm64: Buffer.from("for darwin") } },
  { tag: "1.1.0", layers: { linux_amd64: Buffer.from("newer") } },
  { tag: "latest", layers: { linux_amd64: linux } },
];

function sources(env: Record<string, string> = {}): Sources {
  return new Sources({ env: { HOME: "/nowhere", ...env }, ca: certificates.ca });
}

test("an artefact of a container registry is found by tag and platform, with a token that the registry gives", async () => {
  await using registry = await startOciRegistry("owner/kv", artifacts, certificates);
  await using folder = await TestFolder.make();
  const oci = sources();
  const address = oci.parse(`oci://localhost:${registry.port}/owner/kv`);
  assert.deepEqual(await oci.versions(address, context()), ["1.0.0", "1.1.0"]);
  for (const version of ["1.0.0", "1.1.0", undefined]) {
    const { artifact } = await oci.release(address, version, context());
    assert.ok(artifact.kind === "file");
    assert.equal(artifact.fileName, "kv_linux_amd64.zip");
    await artifact.fetch(folder.at("x"), context());
    assert.equal(artifact.digests[0]?.digest, sha256(await readFile(folder.at("x"))));
    assertHides(artifact, "the-token");
  }
  assert.equal(
    await oci.versions(oci.parse(`oci://localhost:${registry.port}/owner/kv:latest`), context()),
    undefined,
  );
  const missing = oci.parse(`oci://localhost:${registry.port}/owner/kv:v9`);
  assert.equal((await failureOf(oci.release(missing, undefined, context()))).code, "not-found");
  const platform = { os: "windows", arch: "amd64" };
  const failure = await failureOf(oci.release(address, "1.0.0", context({ platform })));
  assert.equal(failure.code, "no-platform-fits");
  assert.match(failure.message, /nothing for windows_amd64, but linux_amd64, darwin_arm64/);
});

test("the service that gives tokens gets the credentials of its host, and a token as a password", async () => {
  const login = `Basic ${Buffer.from("x-access-token:s3cret").toString("base64")}`;
  await using registry = await startOciRegistry("owner/kv", artifacts, certificates, { login });
  const text = `oci://localhost:${registry.port}/owner/kv`;
  const right = sources({ DRAWBAR_TOKEN_localhost: "s3cret" });
  assert.equal((await right.versions(right.parse(text), context()))?.length, 2);
  const wrong = sources({ DRAWBAR_TOKEN_localhost: "s3cret-but-wrong" });
  const failure = await failureOf(wrong.versions(wrong.parse(text), context()));
  assert.equal(failure.code, "refused");
  assertHides(failure, "s3cret-but-wrong");
});

test("a manifest that is not what its digest says is refused", async () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const overrides = {
    [`/v2/owner/kv/manifests/${digest}`]: json({ layers: [] }),
    "/v2/owner/kv/manifests/empty": json({ layers: [] }),
    "/v2/owner/kv/manifests/path": json({ layers: [{ digest: "sha256:../../x" }] }),
  };
  await using registry = await startOciRegistry("owner/kv", artifacts, certificates, { overrides });
  const oci = sources();
  const failure = (end: string) => {
    const address = oci.parse(`oci://localhost:${registry.port}/owner/kv${end}`);
    return failureOf(oci.release(address, undefined, context()));
  };
  assert.equal((await failure(`@${digest}`)).code, "checksum-mismatch");
  assert.match((await failure(":empty")).message, /it has no layers/);
  assert.match((await failure(":path")).message, /a digest must be sha256:HEX/);
  assert.equal((await failure("/..")).code, "bad-source");
});
