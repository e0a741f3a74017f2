import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { connectCa, connectCaUsage } from "./connect-ca.ts";
import { explainFailure } from "./explain-failure.ts";

const scratch = await mkdtemp(join(tmpdir(), "connect-ca-lines-"));
after(() => rm(scratch, { recursive: true }));
const path = (name: string): string => join(scratch, name);

/** What comes of `connect-ca provider …`, as its process would end: test/command-line.test.ts has real ones. */
async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const ended = { code: 0, stdout: "", stderr: "" };
  try {
    await connectCa({
      argv: ["provider", ...args],
      write: (text) => {
        ended.stdout += text;
      },
      warn: (text) => {
        ended.stderr += `connect-ca: warning: ${text}\n`;
      },
      untilInterrupted: () => new AbortController().signal,
    });
  } catch (error) {
    const { exitCode, stderr } = explainFailure(error, "connect-ca", connectCaUsage);
    ended.code = exitCode;
    ended.stderr += stderr;
  }
  return ended;
}

/** Command lines with the exit code and the first words of stderr that they give. */
type Failing = readonly (readonly [args: readonly string[], stderr: RegExp])[];

async function assertFail(code: number, cases: Failing): Promise<void> {
  for (const [args, stderr] of cases) {
    const ended = await run(args);
    assert.deepEqual([ended.code, ended.stdout], [code, ""], args.join(" "));
    assert.match(ended.stderr, stderr, args.join(" "));
  }
}

test("a command line that nobody can carry out: exit code 2, why, and the usage", async () => {
  const why = (words: string): RegExp =>
    new RegExp(`^connect-ca: ${words}[\\s\\S]*\\n\\nusage: connect-ca provider`);
  await assertFail(2, [
    [[], why("unknown command \\(none\\)")],
    [["frobnicate"], why("unknown command frobnicate")],
    [["root", "--frob"], why("Unknown option '--frob'")],
    [["root", "extra"], why("root has no use for extra")],
    [["sign", "--dns", "web.local"], why("sign has no use for --dns")],
    [["inspect", "--state", "x"], why("inspect has no use for --state")],
    [["csr", "web", "--key", "k", "--", "plugin"], why("csr has no use for a plugin")],
    [["csr", "web"], why("csr needs --key FILE")],
    [["csr", "--key", path("never.pem")], why("csr needs the name of a service, or --uri")],
    [["csr", "web", "--key", path("never.pem"), "--cluster-id", "../x"], why("--cluster-id ../x is no UUID")],
    [["run"], why("run needs a plugin")],
    [["root", "--state", path("elsewhere")], why("a state folder needs --key-file or --passphrase-file")],
  ]);
  await assert.rejects(stat(path("never.pem")), { code: "ENOENT" });
});

test("what goes wrong is told in a line: exit code 1, nothing on stdout, and no secret", async () => {
  await writeFile(path("junk"), "junk");
  const { stdout: forged } = await run(["csr", "web", "--key", path("forged.pem")]);
  const der = Buffer.from(forged.replace(/-----[^-]+-----/g, ""), "base64");
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  const body = der.toString("base64");
  const armour = (label: string): string => `-----${label} CERTIFICATE REQUEST-----\n`;
  await writeFile(path("forged.csr"), `${armour("BEGIN")}${body}\n${armour("END")}`);
  await assertFail(1, [
    [
      ["root", "--config", '{"Token": "hvs.secret"'],
      /^connect-ca: (warning: .*\n.*)?the configuration is not JSON\n$/,
    ],
    [["root", "--config", "@none"], /the configuration none cannot be read: ENOENT/],
    [["root", "--config", '{"LeafCertTTL": "1m"}'], /leaf cert TTL must be greater or equal than 1h0m0s\n$/],
    [
      ["root", "--state", path("elsewhere"), "--key-file", path("none")],
      /the key file .*none cannot be read: ENOENT/,
    ],
    [["root", "--secondary"], /this secondary has no intermediate yet: its primary has to sign one\n$/],
    [["root", "--", path("no-plugin")], /no-plugin/],
    [["sign", path("none")], /^connect-ca: the request .*none cannot be read: ENOENT/],
    [["sign", path("junk")], /^connect-ca: .*junk: no PEM-encoded data found/],
    [["sign", path("forged.csr")], /^connect-ca: CSR is not signed by its key: /],
    [["inspect", scratch], /^connect-ca: the chain .* cannot be read: EISDIR/],
    [["inspect", path("junk")], /^connect-ca: .*junk: no PEM-encoded data found/],
    [["run", "--", process.execPath, "-e", "process.exit(3)"], /exit code 3/],
  ]);
});

test("a key that is there is never written over, and none is written for a request that cannot be made", async () => {
  await writeFile(path("precious"), "precious");
  const refused = await run(["csr", "web", "--key", path("precious")]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^connect-ca: the key cannot be written: EEXIST/);
  assert.equal(await readFile(path("precious"), "utf8"), "precious");
  assert.deepEqual(await run(["csr", "web", "--key", path("early.pem"), "--ip", "nonsense"]), {
    code: 1,
    stdout: "",
    stderr: "connect-ca: not an IP address: nonsense\n",
  });
  await assert.rejects(stat(path("early.pem")), { code: "ENOENT" });
});

test("help for a command is for stdout, and no failure", async () => {
  assert.deepEqual(await run(["sign", "-h"]), { code: 0, stdout: connectCaUsage, stderr: "" });
});
