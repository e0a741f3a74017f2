import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseCertificates, parsePrivateKey, spkiOf, verifyChain } from "@drawbar/x509";

const bin = (name: string): string => fileURLToPath(new URL(`../bundle/bin/${name}.js`, import.meta.url));
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

test("a key that is there is never written over: exit code 1, and why in a line", async () => {
  await writeFile(path("precious"), "precious");
  await assert.rejects(connectCa("csr", "web", "--key", path("precious")), {
    code: 1,
    stderr: /^connect-ca: the key cannot be written: EEXIST/,
  });
  assert.equal(await readFile(path("precious"), "utf8"), "precious");
});

test("a command line that nobody can carry out ends with exit code 2, why, and the usage", async () => {
  await assert.rejects(connectCa("root", "--frob"), {
    code: 2,
    stdout: "",
    stderr: /^connect-ca: Unknown option '--frob'[\s\S]*\n\nusage: connect-ca provider/,
  });
});

test("a CA that ends with the command is warned of; help is for stdout, and no failure", async () => {
  const { stderr } = await run(process.execPath, [bin("connect-ca"), "provider", "root"]);
  assert.equal(stderr, "connect-ca: warning: no --state: this CA ends with this command\n");
  const helped = await run(process.execPath, [bin("connect-ca"), "--help"]);
  assert.match(helped.stdout, /^usage: connect-ca provider COMMAND/);
  assert.equal(helped.stderr, "");
});

test("run keeps a plugin until it is interrupted, and tells when the plugin ends by itself", async () => {
  const plugin = [process.execPath, bin("connect-ca-provider-builtin")];
  for (const [end, code, words] of [
    [(own: number) => process.kill(own, "SIGINT"), 0, ""],
    [(_: number, its: number) => process.kill(its, "SIGKILL"), 1, "the plugin ended by itself: SIGKILL"],
  ] as const) {
    const child = spawn(process.execPath, [bin("connect-ca"), "provider", "run", "--", ...plugin]);
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const pid = Number(/^process (\d+), version 2 over grpc; end it with Ctrl-C\n$/.exec(line)?.[1]);
    end(child.pid ?? assert.fail(), pid);
    assert.deepEqual(await once(child, "close"), [code, null]);
    assert.ok(stderr.includes(words), stderr);
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  }
});
