import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseCertificates, parsePrivateKey, spkiOf, verifyChain } from "@drawbar/x509";

const bin = (name: string): string => fileURLToPath(new URL(`../dist/bin/${name}.js`, import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), "connect-ca-cli-"));
after(() => rm(scratch, { recursive: true }));
const path = (name: string): string => join(scratch, name);
await writeFile(path("store-key"), randomBytes(32));
const store = ["--state", path("state"), "--key-file", path("store-key")];

const run = promisify(execFile);
async function connectCa(...args: readonly string[]): Promise<string> {
  return (await run(process.execPath, [bin("connect-ca"), "provider", ...args])).stdout;
}

test("a key, a request, a certificate from a plugin, the same CA in process, and the tree of it all", async () => {
  const csr = await connectCa("csr", "web", "--key", path("web.pem"), "--dns", "web.local", "--ip", "::1");
  await writeFile(path("web.csr"), csr);
  assert.equal((await stat(path("web.pem"))).mode & 0o777, 0o600);
  const plugin = [process.execPath, bin("connect-ca-provider-builtin"), ...store];
  const config = ["--config", '{"LeafCertTTL": "24h"}'];
  const pem = await connectCa("sign", path("web.csr"), ...config, "--", ...plugin);
  const [leaf, ...anchors] = parseCertificates(pem);
  assert.ok(leaf);
  verifyChain({ leaf, anchors, at: new Date(), extKeyUsage: ["serverAuth"] });
  const key = parsePrivateKey(await readFile(path("web.pem"), "utf8"));
  assert.deepEqual(leaf.publicKeySpki, spkiOf(key));
  assert.deepEqual(leaf.subjectAltNames.ipAddresses, ["::1"]);
  assert.equal(await connectCa("root", ...store), anchors.map((anchor) => anchor.toPem()).join(""));
  await writeFile(path("chain.pem"), pem);
  const tree = await connectCa("inspect", path("chain.pem"));
  assert.match(tree, /^pri-.*\.consul\n[\s\S]*└─ spiffe:.*\/svc\/web\n.* web\.local\n[\s\S]*23 h left/);
});

test("a key that is there is never written over", async () => {
  await writeFile(path("precious"), "precious");
  await assert.rejects(connectCa("csr", "web", "--key", path("precious")), { code: 1, stderr: /EEXIST/ });
  assert.equal(await readFile(path("precious"), "utf8"), "precious");
});

test("what goes wrong is one line and exit code 1; an option that nobody knows is 2, with the usage", async () => {
  await assert.rejects(connectCa("frobnicate"), {
    code: 1,
    stderr: /^connect-ca: unknown command frobnicate/,
  });
  await assert.rejects(connectCa("root", "--frob"), {
    code: 2,
    stderr: /Unknown option[\s\S]*usage: connect-ca/,
  });
  const config = '{"Token": "hvs.secret"';
  await assert.rejects(connectCa("root", "--config", config), {
    code: 1,
    stderr: "connect-ca: the configuration is not JSON\n",
  });
  await assert.rejects(connectCa("root", "--", path("no-plugin")), { code: 1, stderr: /no-plugin/ });
  await assert.rejects(connectCa("run"), { code: 1, stderr: /run needs a plugin/ });
});
