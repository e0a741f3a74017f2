import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Sources } from "@drawbar/install";
import { withLogin } from "./servers/behaviours.ts";
import { startNpmRegistry } from "./servers/npm-registry.ts";
import { context } from "./support/context.ts";
import { TestFolder } from "./support/folder.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf } from "./support/transfer-case.ts";

const tarballs = { "1.0.0": Buffer.from("tarball one"), "1.1.0": Buffer.from("tarball two") };

test("a package of an npm registry has versions, and a tarball with the strongest digest of its integrity", async () => {
  for (const name of ["kv", "@scope/kv"]) {
    await using registry = await startNpmRegistry({ name, tarballs });
    await using folder = await TestFolder.make();
    const sources = new Sources({
      env: { HOME: folder.path },
      cwd: folder.path,
      npmRegistry: `${registry.origin}/npm`,
    });
    const address = sources.parse(`npm:${name}`);
    assert.deepEqual(await sources.versions(address, context()), ["1.0.0", "1.1.0"]);
    const { artifact, version } = await sources.release(address, "1.0.0", context());
    assert.ok(artifact.kind === "file");
    assert.equal(version, "1.0.0");
    assert.equal(artifact.fileName, "kv-1.0.0.tgz");
    const digest = createHash("sha512").update(tarballs["1.0.0"]).digest("hex");
    assert.deepEqual(
      artifact.digests.map((claim) => [claim.hash, claim.digest]),
      [["sha512", digest]],
    );
    await artifact.fetch(folder.at("x"), context());
    assert.deepEqual(await readFile(folder.at("x")), tarballs["1.0.0"]);
    assert.equal((await sources.release(address, undefined, context())).version, "1.1.0");
    assert.equal((await failureOf(sources.release(address, "3.0.0", context()))).code, "not-found");
  }
});

test("npm's own configuration says where a scope's registry is, and what opens it", async () => {
  const secret = "npm-t0ken";
  const guard = { guard: (inner: Parameters<typeof withLogin>[1]) => withLogin(`Bearer ${secret}`, inner) };
  await using registry = await startNpmRegistry({ name: "@ours/kv", tarballs }, guard);
  await using folder = await TestFolder.make();
  const host = `localhost:${registry.port}`;
  await writeFile(
    folder.at(".npmrc"),
    `; ours\n@ours:registry = http://${host}/npm/\n//${host}/npm/:_authToken=\${OUR_TOKEN}\n`,
  );
  const sources = (token: string) =>
    new Sources({
      env: { HOME: "/nowhere", OUR_TOKEN: token, npm_config_registry: "http://localhost:1/" },
      cwd: folder.path,
    });
  const right = sources(secret);
  const { artifact } = await right.release(right.parse("npm:@ours/kv"), "1.1.0", context());
  await artifact.fetch(folder.at("x"), context());
  assertHides(artifact, secret);
  const wrong = sources("another-secret");
  const failure = await failureOf(wrong.versions(wrong.parse("npm:@ours/kv"), context()));
  assert.equal(failure.code, "refused");
  assertHides(failure, "another-secret");
  const other = await failureOf(right.versions(right.parse("npm:kv"), context()));
  assert.equal(other.code, "unreachable");
});

test("without integrity nothing is claimed, SHA-1 counts for nothing, and a broken one is refused", async () => {
  for (const [integrity, outcome] of [
    [null, 0],
    ["sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", 0],
    ["sha512-AAAA", "refused"],
  ] as const) {
    await using registry = await startNpmRegistry({ name: "kv", tarballs }, { integrity });
    const sources = new Sources({ env: { HOME: "/nowhere" }, npmRegistry: `${registry.origin}/npm/` });
    const release = sources.release(sources.parse("npm:kv"), "1.0.0", context());
    if (typeof outcome === "string") assert.equal((await failureOf(release)).code, outcome);
    else
      assert.ok(
        await release.then(({ artifact }) => artifact.kind === "file" && artifact.digests.length === outcome),
      );
  }
});

test("names that are none are refused before anybody is asked", async () => {
  const sources = new Sources({ env: {}, npmRegistry: "http://localhost:1/" });
  for (const name of ["npm:../x", "npm:a/b", "npm:@a", "npm:.x", "npm:a b", "npm:a?tag=x"])
    assert.equal(
      (await failureOf(sources.versions(sources.parse(name), context()))).code,
      "bad-source",
      name,
    );
});
