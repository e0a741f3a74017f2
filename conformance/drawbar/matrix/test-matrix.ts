import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  type Capability,
  type Cases,
  capabilities,
  capabilityNames,
  type Direction,
  type Release,
  releases,
  type Transport,
} from "./capabilities.ts";
import { readSection, writeSection } from "./document.ts";
import type { PeerLimit } from "./peer-limits.ts";
import { cellKey, limitOf, markdownTable } from "./table.ts";

interface AnyLab {
  patienceMs: number;
  close(): Promise<void>;
}

/** A table of docs/conformance.md: who hosts whom, over what, and how it is tried. */
interface Matrix<Lab extends AnyLab> {
  readonly direction: Direction;
  readonly transport: Transport;
  readonly cases: Cases<Lab>;
  lab(release: Release): Lab;
}

const titles = {
  "our-host": (release: string) => `our host with a plugin on go-plugin ${release}`,
  "go-host": (release: string) => `a host on go-plugin ${release} with our plugin`,
};
const transportNames = { grpc: "gRPC", netrpc: "net/rpc" };

/** Tries every cell, and holds the document against what was found; `npm run conformance` has it written. */
export function testMatrix<Lab extends AnyLab>(matrix: Matrix<Lab>): void {
  const { direction, transport } = matrix;
  const findings = new Map<string, PeerLimit | "passes">();
  for (const release of releases) {
    describe(`${titles[direction](release)} over ${transportNames[transport]}`, () => {
      const lab = matrix.lab(release);
      after(() => lab.close());
      for (const capability of capabilityNames) {
        const limit = limitOf(capability, transport, direction, release);
        it(`${capabilities[capability]}${limit === undefined ? "" : ": the peer lacks it"}`, {
          timeout: 120_000,
        }, async () => {
          findings.set(cellKey(capability, release), await tryCell(matrix.cases, capability, lab, limit));
        });
      }
    });
  }

  it("docs/conformance.md says what was found", () => {
    const name = `${direction} ${transport}`;
    const table = markdownTable(findings);
    if (process.env["CONFORMANCE_WRITE"] === "1") writeSection(name, table);
    assert.equal(
      readSection(name),
      table,
      "docs/conformance.md is not up to date: run `npm run conformance`",
    );
  });
}

async function tryCell<Lab extends AnyLab>(
  cases: Cases<Lab>,
  capability: Capability,
  lab: Lab,
  limit: PeerLimit | undefined,
): Promise<PeerLimit | "passes"> {
  const attempt = cases[capability];
  if (limit === undefined) {
    assert.ok(attempt, `there is no case for "${capability}", and peer-limits.ts does not say why`);
    await attempt(lab);
    return "passes";
  }
  assert.equal(
    attempt === undefined,
    limit.fails === undefined,
    `peer-limits.ts: "fails" is for what is tried`,
  );
  if (attempt === undefined) return limit;
  const { patienceMs } = lab;
  lab.patienceMs = 1_000;
  const failure = await attempt(lab).then(
    () => "none: peer-limits.ts says that the peer lacks this, and it does not",
    (error: unknown) => String(error),
  );
  lab.patienceMs = patienceMs;
  assert.match(failure, limit.fails ?? /^$/);
  return limit;
}
