import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import {
  generateSigningKeyPair,
  packPlugin,
  readSigningKey,
  readTrustedKeys,
  type SignatureKind,
  treeDigest,
  verifySignatures,
} from "@drawbar/install";
import { peerPath } from "../support/peer-path.ts";
import { recordedKey } from "./recorded-key.ts";

const long = process.env["DRAWBAR_LONG"] === "1";
const run = promisify(execFile);
const text = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  demo_1.0.0_linux_amd64.zip\n";

let folder = "";
let go: (...args: readonly string[]) => Promise<string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "drawbar-signatures-"));
  await writeFile(join(folder, "SUMS"), text);
  await writeFile(join(folder, "ALTERED"), text.replace("2", "3"));
  const program = await peerPath("signatures");
  go = async (...args) => (await run(program, args, { cwd: folder })).stdout.trim();
});

after(() => rm(folder, { recursive: true, force: true }));

/** Whether we take a signature of Go's over a file of ours. */
async function weTake(
  kind: SignatureKind,
  publicKey: string,
  file: string,
  signature: string,
): Promise<string> {
  const keys = await readTrustedKeys(await readFile(join(folder, publicKey)), publicKey);
  const bytes = await readFile(join(folder, signature));
  const document = {
    origin: file,
    text: await readFile(join(folder, file)),
    signatures: [{ kind, origin: signature, bytes }],
  };
  return (await verifySignatures(document, keys, new Date())).id;
}

async function weSign(secretKey: string, passphrase: string | undefined, signature: string): Promise<void> {
  const key = await readSigningKey(
    await readFile(join(folder, secretKey)),
    secretKey,
    async () => passphrase,
  );
  await writeFile(join(folder, signature), await key.sign(Buffer.from(text), "SUMS", new Date()));
}

test("takes the OpenPGP signatures of the package that Terraform verifies with, and it takes ours", async () => {
  await go("openpgp-key", "acme", "gpg.pub", "gpg.sec");
  await go("openpgp-sign", "gpg.sec", "SUMS", "go.sig");
  assert.match(await weTake("openpgp", "gpg.pub", "SUMS", "go.sig"), /^[0-9A-F]{40}$/);
  await assert.rejects(weTake("openpgp", "gpg.pub", "ALTERED", "go.sig"), { code: "signature-wrong" });
  await weSign("gpg.sec", undefined, "our.sig");
  await go("openpgp-verify", "gpg.pub", "SUMS", "our.sig");
  await assert.rejects(
    go("openpgp-verify", "gpg.pub", "ALTERED", "our.sig"),
    /hash tag doesn't match|invalid signature/,
  );
});

test("opens a locked minisign key of a Go program, and the program takes what it signs", async () => {
  if (long) await go("minisign-key", "go.pub", "go.key", recordedKey.passphrase);
  else {
    await writeFile(join(folder, "go.pub"), recordedKey.publicKey);
    await writeFile(join(folder, "go.key"), recordedKey.secretKey);
  }
  await weSign("go.key", recordedKey.passphrase, "our.minisig");
  await go("minisign-verify", "go.pub", "SUMS", "our.minisig");
  await assert.rejects(go("minisign-verify", "go.pub", "ALTERED", "our.minisig"), /signature is wrong/);
  const id = await weTake("minisign", "go.pub", "SUMS", "our.minisig");
  if (!long) return;
  await go("minisign-sign", "go.key", recordedKey.passphrase, "SUMS", "go.minisig");
  assert.equal(await weTake("minisign", "go.pub", "SUMS", "go.minisig"), id);
});

test("a Go program signs with the minisign keys that are made here, locked", async () => {
  const options = { kind: "minisign", passphrase: "battery staple", stretching: "interactive" } as const;
  const { publicKey, secretKey, id } = await generateSigningKeyPair(options);
  await writeFile(join(folder, "our.pub"), publicKey);
  await writeFile(join(folder, "our.key"), secretKey);
  await go("minisign-sign", "our.key", "battery staple", "SUMS", "theirs.minisig");
  assert.equal(await weTake("minisign", "our.pub", "SUMS", "theirs.minisig"), id);
  await assert.rejects(weTake("minisign", "our.pub", "ALTERED", "theirs.minisig"), {
    code: "signature-wrong",
  });
});

test("a folder and a packed archive have the h1 hash that Go's dirhash gives them", async () => {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "Z", "a"), { recursive: true });
  for (const name of ["Z/a/x", "Z/a-b", "a", "ä", "b c", "kv_v1.0.0"])
    await writeFile(join(tree, name), name);
  assert.equal(await treeDigest(tree), await go("h1", "tree"));
  const builds = [{ platform: { os: "linux", arch: "amd64" }, path: tree }];
  const { archives } = await packPlugin({
    name: "kv",
    version: "1.0.0",
    builds,
    folder: join(folder, "dist"),
  });
  const manifest = { name: "kv", version: "1.0.0", platform: "linux_amd64", program: "kv_v1.0.0" };
  await writeFile(join(tree, "manifest.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  assert.equal(await go("h1", archives[0] ?? ""), await treeDigest(tree));
});
