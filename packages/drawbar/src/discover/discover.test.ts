import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { discover } from "./discover.ts";
import { globPattern } from "./glob-pattern.ts";

describe("discovery", () => {
  const folder = mkdtempSync(join(tmpdir(), "drawbar-discover-"));
  after(() => rmSync(folder, { recursive: true }));
  const place = (name: string, mode: number): void => {
    writeFileSync(join(folder, name), "");
    chmodSync(join(folder, name), mode);
  };
  before(() => {
    mkdirSync(join(folder, "sub"));
    mkdirSync(join(folder, "plugin-folder"));
    place("plugin-b", 0o755);
    place("plugin-a", 0o755);
    place("plugin-readme.md", 0o644);
    place("other", 0o755);
    place("sub/plugin-c", 0o755);
    symlinkSync(join(folder, "plugin-a"), join(folder, "plugin-link"));
    symlinkSync(join(folder, "nothing"), join(folder, "plugin-broken"));
  });

  it("finds the executable files that match, sorted", async () => {
    assert.deepEqual(
      await discover("plugin-*", folder),
      ["plugin-a", "plugin-b", "plugin-link"].map((name) => join(folder, name)),
    );
  });

  it("finds those that may not be executed where it is asked to", async () => {
    const found = await discover("*.md", folder, { executable: false });
    assert.deepEqual(found, [join(folder, "plugin-readme.md")]);
    assert.deepEqual(await discover("*.md", folder), []);
  });

  it("looks into subfolders that the pattern names", async () => {
    assert.deepEqual(await discover("s*/plugin-?", folder), [join(folder, "sub", "plugin-c")]);
  });

  it("finds nothing in a folder that does not exist", async () => {
    assert.deepEqual(await discover("*", join(folder, "missing")), []);
  });

  it("gives absolute paths for a folder that is not", async () => {
    const found = await discover("package.json", ".", { executable: false });
    assert.deepEqual(found, [join(process.cwd(), "package.json")]);
  });
});

describe("a pattern", () => {
  const cases: [pattern: string, name: string, matches: boolean][] = [
    ["a*c", "abc", true],
    ["a*c", "abcd", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[!a-c]x", "dx", true],
    ["[]]x", "]x", true],
    ["a.c", "abc", false],
    ["a\\*c", "a*c", true],
    ["a\\*c", "abc", false],
    ["(a|b)+", "(a|b)+", true],
    ["*", "ünïcode", true],
  ];
  for (const [pattern, name, matches] of cases) {
    it(`${pattern} ${matches ? "matches" : "does not match"} ${name}`, () => {
      assert.equal(globPattern(pattern).test(name), matches);
    });
  }

  it("with an open class is refused", () => {
    assert.throws(() => globPattern("[abc"), { code: "plugin-config-invalid" });
  });
});
