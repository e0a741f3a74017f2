import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { LineSplitter } from "./line-splitter.ts";
import { RecentLines } from "./recent-lines.ts";

function split(chunks: readonly string[], maxLineBytes?: number): [string, string][] {
  const lines: [string, string][] = [];
  const splitter = new LineSplitter((line, kind) => lines.push([line.toString(), kind]), maxLineBytes);
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

describe("the line splitter", () => {
  it("finds lines however they are cut, with either line end", () => {
    assert.deepEqual(split(["a\nb", "c\r\n", "\nend"]), [
      ["a", "line"],
      ["bc", "line"],
      ["", "line"],
      ["end", "line"],
    ]);
  });

  it("gives a line over the limit in pieces and the next one whole", () => {
    assert.deepEqual(split(["abcdefgh", "ij\nk\n"], 4), [
      ["abcd", "piece"],
      ["efgh", "piece"],
      ["ij", "last-piece"],
      ["k", "line"],
    ]);
  });

  it("loses nothing and holds no more than the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ab\n]{0,12}$/)),
        fc.integer({ min: 1, max: 6 }),
        (chunks, limit) => {
          const lines = split(chunks, limit);
          assert.ok(lines.every(([text]) => text.length <= limit));
          const text = lines.map(([line, kind]) => (kind === "piece" ? line : `${line}\n`)).join("");
          assert.equal(text.replace(/\n$/, ""), chunks.join("").replace(/\n$/, ""));
        },
      ),
    );
  });
});

describe("recent lines", () => {
  it("are the last twenty, shortened", () => {
    const recent = new RecentLines();
    for (let index = 0; index < 30; index++) recent.add(Buffer.from(`line ${index}`));
    recent.add(Buffer.alloc(5000, "x"));
    assert.equal(recent.toArray().length, 20);
    assert.equal(recent.toArray()[0], "line 11");
    assert.equal(recent.toArray().at(-1)?.length, 1024);
  });
});
