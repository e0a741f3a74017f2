import assert from "node:assert/strict";
import { test } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { type MeshRun, runMesh } from "./run-mesh.ts";

/** The text of a numbered step, without its indentation. */
function stepOf({ stdout }: MeshRun, number: number): string {
  const [, text = ""] =
    new RegExp(`^${number}\\. (.*?)(?=^\\d+\\. |^Done|(?!.))`, "ms").exec(`${stdout}\n`) ?? [];
  return text.replace(/^ {3}/gm, "");
}

/** The two lines of an exchange that went well, and whom they name. */
function peersIn(step: string): readonly (string | undefined)[] {
  const [, web, api] =
    /api saw (spiffe:\S+)\n\s*web saw (spiffe:\S+)\n\s*web was told "hello, web"/.exec(step) ?? [];
  return [web, api].map((uri) => uri?.replace(/^spiffe:\/\/[0-9a-f-]{36}\.consul/, ""));
}

/** What holds of a run whichever providers stand in it. */
function assertStory(run: MeshRun): void {
  assert.deepEqual([run.code, run.stderr, run.left, run.alive], [0, "", [], []], run.stdout);
  const [web, api] = ["/ns/default/dc/dc1/svc/web", "/ns/default/dc/dc2/svc/api"];

  // Depths of the tree: the root; web and dc2's CA; api, below that CA.
  const tree = stepOf(run, 3);
  assert.match(tree, new RegExp(`^[├└ ─│]+spiffe:\\S+${web}\n[│ ]+leaf, EC P-256`, "m"));
  assert.match(tree, new RegExp(`CA for leafs only(.*\n){3}\\s+└─ spiffe:\\S+${api}$`, "m"));

  const exchange = stepOf(run, 4);
  assert.deepEqual(peersIn(exchange), [web, api]);
  assert.match(exchange, /another service:\n\s*api refuses: it is spiffe:\S+\/svc\/other$/m);
  assert.match(exchange, /another CA:\n\s*api refuses: its certificate does not verify: UNABLE_TO_VERIFY/m);

  const death = stepOf(run, 5);
  assert.match(death, /ca-unavailable: the CA provider's plugin was lost during sign: .*signal SIGKILL/);
  const [, before, after] = /after (\d+) comes (\d+)/.exec(death) ?? [];
  assert.ok(Number(after) > Number(before), death);

  assert.deepEqual(peersIn(stepOf(run, 8)), [web, web.replace("web", "api")]);
  assert.deepEqual(peersIn(stepOf(run, 9)), [web, web.replace("web", "api")]);
  assert.match(stepOf(run, 9), /old certificate:\n\s*api refuses: its certificate does not verify/);
}

test("with Vault: it is the primary's CA, and a mesh moves from the built-in provider to it", async () => {
  const run = await runMesh(await peerPath("vault-1.21.2"));
  assertStory(run);
  assert.match(run.stdout, /^Vault: http:\/\/127\.0\.0\.1:\d+, started for this run as process \d+/);
  assert.match(
    stepOf(run, 1),
    /primary: +connect-ca-provider-vault, process \d+, speaks version 2 over grpc/,
  );
  assert.match(stepOf(run, 1), /secondary: connect-ca-provider-builtin, process \d+, speaks version 2/);
  assert.match(stepOf(run, 6), /before: connect-ca-provider-builtin/);
  assert.match(stepOf(run, 7), /^The mesh moves to Vault.*after: {2}connect-ca-provider-vault/s);
  // Below the old root: the new one, cross-signed; Vault's CA for leafs; and the leaf.
  assert.match(
    stepOf(run, 7),
    /\.consul\.ca\..*\n└─ pri-\w+\.vault\.ca\..*\n {3}└─ pri-\w+\.vault\.ca\..*\n {6}└─ spiffe:\S+\/svc\/api/s,
  );
});

test("without Vault: it says so, and the built-in provider stands on both sides", async () => {
  const run = await runMesh("");
  assertStory(run);
  assert.match(run.stdout, /^There is no Vault here, so the built-in provider stands on both sides\./);
  assert.match(stepOf(run, 1), /primary: +connect-ca-provider-builtin, process \d+/);
  assert.match(stepOf(run, 7), /^The mesh moves to a second built-in provider/);
  assert.match(stepOf(run, 7), /\n└─ pri-\w+\.consul\.ca\..*\n {3}└─ spiffe:\S+\/svc\/api/s);
});

test("Ctrl-C puts everything away: plugins, state, sockets", async () => {
  let interrupted = false;
  const run = await runMesh("", (stdout, child) => {
    if (interrupted || !stdout.includes("the secondary:")) return;
    interrupted = true;
    child.kill("SIGINT");
  });
  assert.deepEqual([run.code, run.stderr, run.left, run.alive], [130, "", [], []], run.stdout);
  assert.match(run.stdout, /\nSIGINT: ending what was started\.\n$/);
});
