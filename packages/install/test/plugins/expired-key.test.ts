import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { readSigningKey, readTrustedKeys, type SumsDocument } from "@drawbar/install";
import { generateKey } from "openpgp";
import { FakeGetter, printing, sha256 } from "./fake-getter.ts";
import { failure, output, Project, scratchFolder } from "./project.ts";

const scratch = await scratchFolder();
const bytes = printing("kv 1.0.0");
const list = Buffer.from(`${sha256(bytes)}  kv\n`);

/** The list of checksums, signed by a key that was valid on one day, and the key. */
async function signedLongAgo() {
  const date = new Date("2020-01-01T00:00:00Z");
  const userIDs = [{ name: "acme" }];
  const day = 86_400;
  const made = await generateKey({ userIDs, date, keyExpirationTime: day, format: "armored" });
  const key = await readSigningKey(Buffer.from(made.privateKey), "acme.asc", async () => undefined);
  const signature = await key.sign(list, "SHA256SUMS", new Date(date.getTime() + 1000));
  const sums: SumsDocument = {
    origin: "fake://SHA256SUMS",
    text: list,
    signatures: [{ kind: "openpgp", origin: "fake://SHA256SUMS.sig", bytes: signature }],
  };
  return { sums, keys: await readTrustedKeys(made.publicKey, "acme.pub") };
}

it("a key that has expired lets in what is locked, whose bytes are known, and nothing else", async () => {
  const { sums, keys } = await signedLongAgo();
  const getter = new FakeGetter();
  getter.offer("kv", "1.0.0", { bytes, sums });
  const project = new Project(join(scratch, "project"), { getters: [getter] });
  const kv = { name: "kv", source: "fake::kv" };
  await failure("key-expired", /which has expired/, project.plugins({ keys }).install(kv));
  await project.plugins().install(kv);
  const fresh = { root: join(scratch, "root"), cacheFolder: join(scratch, "cache"), keys };
  const { program } = await project.plugins({ ...fresh, frozen: true }).install(kv);
  assert.equal(await output(program), "kv 1.0.0");
  getter.offer("kv", "1.0.0", { bytes, sums: { ...sums, text: Buffer.from(`${list}\n`) } });
  const altered = { root: join(scratch, "other"), cacheFolder: join(scratch, "other cache"), keys };
  await failure("signature-wrong", /altered/, project.plugins({ ...altered, frozen: true }).install(kv));
});
