import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { hasTest } from "../support/test-titles.ts";
import { readGoPluginSource } from "./go-plugin-source.ts";

// That docs/upstream-tests.md misses nothing of go-plugin's sources, and is right about drawbar's.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const source = `${root}packages/drawbar/src/`;
const tests = `${root}packages/drawbar/test/`;

const upstream = await readGoPluginSource();
const document = await readFile(`${root}docs/upstream-tests.md`, "utf8");
const [, testRows = [], modeRows = [], errorRows = []] = document.split("\n## ").map(rowsOf);

it("docs/upstream-tests.md is about the release whose sources are read", () => {
  assert.equal(upstream.version, "v1.8.0");
  assert.match(document, /^go-plugin 1\.8\.0 has/m);
});

describe("its tests", () => {
  it("are go-plugin's, all of them and no others", () => {
    assert.deepEqual(namesIn(testRows), [...upstream.tests].sort());
  });

  it("have few without a counterpart", () => {
    const without = testRows.filter(([, ours]) => ours.startsWith("none: "));
    assert.deepEqual(namesIn(without), ["TestHelperProcess", "TestNewBasicError_nil", "TestRmListener_impl"]);
  });

  for (const [name, title, place] of testRows) {
    if (title.startsWith("none: ")) continue;
    it(`${name}: ${title} is in ${place}`, async () => {
      const text = await readFile(root + place.replaceAll("`", ""), "utf8");
      if (title === "by its name") {
        assert.match(text, new RegExp(`["\`](?:\\w+, )*${name}(?:, \\w+)*: `));
      } else {
        assert.ok(hasTest(text, title.slice(1, -1)), `no test of ${place} has the title ${title}`);
      }
    });
  }
});

describe("its modes of the helper", async () => {
  const helper = await textOf(`${tests}fixtures/upstream/`, /^(helper|serve-mode)\.ts$/);
  const used = await textOf(tests, /(^upstream-.*\.test|stdin-host)\.ts$/);

  it("are go-plugin's, all of them and no others, and those of our helper", () => {
    const modes = [...upstream.modes].sort();
    assert.equal(modes.length, 25);
    assert.deepEqual(namesIn(modeRows), modes);
    assert.deepEqual([...helper.matchAll(/^ {2,4}case "([^"]+)":/gm)].map(([, mode]) => mode).sort(), modes);
  });

  it("are each used by a test", () => {
    assert.deepEqual(
      upstream.modes.filter((mode) => !used.includes(`"${mode}"`)),
      [],
    );
  });
});

describe("its words of errors", async () => {
  const ours = await textOf(source, /(?<!\.test)\.ts$/);

  it("are go-plugin's, all of them and no others", () => {
    assert.deepEqual(namesIn(errorRows), [...upstream.errors].sort());
  });

  it("are drawbar's where it says so, with codes that there are", () => {
    const missing = errorRows.flatMap(([theirs, words, remark]) => {
      const wanted = words === "the same" ? longestPiece(plain(theirs)) : plain(words);
      const codes = [...remark.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, code = ""]) => `"${code}"`);
      return [...(words === "none" ? [] : [wanted]), ...codes].filter((text) => !ours.includes(text));
    });
    assert.deepEqual(missing, []);
    assert.deepEqual(
      errorRows.filter(([, , remark]) => remark === ""),
      [],
    );
  });
});

type Row = readonly [string, string, string];

/** The rows of a section's tables, without heads and rules. */
function rowsOf(section: string): Row[] {
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (go-plugin|mode|-+) /.test(line));
  return rows.map((row) => {
    const [, first = "", second = "", third = ""] = row.split(/ *\| */);
    return [first, second, third];
  });
}

function namesIn(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(([name]) => plain(name)))].sort();
}

function plain(cell: string): string {
  return cell.replace(/^`|`$/g, "");
}

/** What a text has between its verbs, of which a template of ours has others. */
function longestPiece(text: string): string {
  return text
    .split(/%[a-z+]+/)
    .reduce((longest, piece) => (piece.length > longest.length ? piece : longest), "");
}

async function textOf(folder: string, names: RegExp): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => names.test(name));
  return (await Promise.all(files.map((name) => readFile(folder + name, "utf8")))).join("\n");
}
