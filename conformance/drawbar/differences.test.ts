import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { hasTest } from "../support/test-titles.ts";
import { differences } from "./differences.ts";

// From conformance/dist/drawbar, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));

describe("docs/differences.md", async () => {
  const document = await readFile(`${root}docs/differences.md`, "utf8");
  const rows = [...document.matchAll(/^\| (?!go-plugin |-)(.+?) +\|/gm)].map(([, first = ""]) => first);

  it("has a test for each of its lines, and no other tests are kept for it", () => {
    assert.deepEqual(rows, Object.keys(differences));
  });

  it("names tests that there are", async () => {
    const missing: string[] = [];
    for (const [file, title] of Object.values(differences).flat()) {
      if (!hasTest(await readFile(root + file, "utf8"), title)) missing.push(`${file}: ${title}`);
    }
    assert.deepEqual(missing, []);
  });
});
