import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { peerPath } from "../support/peer-path.ts";
import { H2specServer } from "./h2spec-server.ts";

// h2spec 2.2.1 has 145 cases; its strict ones are one more.
const fewestCases = 140;
let h2spec = "";

before(async () => {
  h2spec = await peerPath("h2spec");
});

for (const transport of ["plain", "TLS"] as const) {
  test(`all of h2spec's cases pass, strict ones too, on ${transport} connections`, async () => {
    await using server = await H2specServer.start(transport);
    const report = await run(server.port, transport === "TLS" ? ["-t", "-k"] : []);
    const summary = /(\d+) tests, (\d+) passed, (\d+) skipped, (\d+) failed/.exec(report);
    assert.ok(summary, `h2spec gave no summary:\n${report}`);
    const [total, passed] = summary.slice(1).map(Number);
    assert.ok((total ?? 0) > fewestCases, `h2spec ran ${total} cases, expected more than ${fewestCases}`);
    assert.equal(passed, total, report.slice(report.indexOf("Failures:")));
  });
}

async function run(port: number, flags: readonly string[]): Promise<string> {
  const child = spawn(h2spec, ["-S", "-h", "127.0.0.1", "-p", String(port), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [report] = await Promise.all([text(child.stdout), once(child, "close")]);
  return report;
}
