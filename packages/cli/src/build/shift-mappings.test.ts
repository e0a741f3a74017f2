import assert from "node:assert/strict";
import { SourceMap } from "node:module";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shiftMappings } from "./shift-mappings.ts";

describe("mappings of moved text", () => {
  // The first segment is column 0, the second 4.
  const mappings = "AAAA,IAAI;AACA";

  it("lead from the new places to the old sources", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(100_000), (lines, columns) => {
        const map = new SourceMap({
          version: 3,
          file: "",
          names: [],
          sourceRoot: "",
          sources: ["a.ts"],
          sourcesContent: [],
          mappings: shiftMappings(mappings, lines, columns),
        });
        assert.deepEqual(original(map.findEntry(lines, columns)), { line: 0, column: 0 });
        assert.deepEqual(original(map.findEntry(lines, columns + 4)), { line: 0, column: 4 });
        assert.deepEqual(original(map.findEntry(lines + 1, 0)), { line: 1, column: 4 });
      }),
    );
  });

  it("are moved down only where the first line has none", () => {
    assert.equal(shiftMappings(";AAAA", 2, 7), ";;;AAAA");
    assert.equal(shiftMappings("", 1, 7), ";");
  });
});

function original(entry: object): { line: number; column: number } {
  const { originalLine, originalColumn } = entry as { originalLine: number; originalColumn: number };
  return { line: originalLine, column: originalColumn };
}
