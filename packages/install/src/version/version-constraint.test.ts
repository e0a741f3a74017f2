import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { InstallError } from "../install-error.ts";
import { compareVersions, normalVersion, readVersion, sameVersion } from "./parse-version.ts";
import { VersionConstraint } from "./version-constraint.ts";

const offered = [
  "0.9.0",
  "1.0.0",
  "1.1.0",
  "1.2.0",
  "1.2.5",
  "1.3.0-beta",
  "1.3.0",
  "2.0.0-rc.1",
  "2.0.0",
  "3.1.4",
];

function chosen(text: string): string[] {
  const constraint = VersionConstraint.parse(text);
  return offered.filter((version) => constraint.allows(version));
}

describe("a version constraint", () => {
  const cases: readonly (readonly [string, "terraform" | "npm", readonly string[]])[] = [
    ["1.2", "terraform", ["1.2.0"]],
    ["= 1.2.5", "terraform", ["1.2.5"]],
    ["v1.2.5", "terraform", ["1.2.5"]],
    ["~> 1.2", "terraform", ["1.2.0", "1.2.5", "1.3.0"]],
    ["~> 1.2.0", "terraform", ["1.2.0", "1.2.5"]],
    ["~>1", "terraform", ["1.0.0", "1.1.0", "1.2.0", "1.2.5", "1.3.0"]],
    [">= 1.2, < 2.0, != 1.2.5", "terraform", ["1.2.0", "1.3.0"]],
    ["> 1.3.0", "terraform", ["2.0.0", "3.1.4"]],
    ["<= 1.0", "terraform", ["0.9.0", "1.0.0"]],
    ["1.3.0-beta", "terraform", ["1.3.0-beta"]],
    [">= 1.3.0-beta", "terraform", ["1.3.0", "2.0.0", "3.1.4"]],
    ["= 2.0.0-rc.1, > 1.0", "terraform", ["2.0.0-rc.1"]],
    ["^1.2", "npm", ["1.2.0", "1.2.5", "1.3.0"]],
    ["~1.2", "npm", ["1.2.0", "1.2.5"]],
    ["1.x", "npm", ["1.0.0", "1.1.0", "1.2.0", "1.2.5", "1.3.0"]],
    [">=1.3.0-alpha <2 || 3", "npm", ["1.3.0-beta", "1.3.0", "3.1.4"]],
    ["1.1 - 1.2", "npm", ["1.1.0", "1.2.0", "1.2.5"]],
    [">= 1.1 < 1.3", "npm", ["1.1.0", "1.2.0", "1.2.5"]],
    ["*", "npm", ["0.9.0", "1.0.0", "1.1.0", "1.2.0", "1.2.5", "1.3.0", "2.0.0", "3.1.4"]],
  ];
  for (const [text, notation, expected] of cases) {
    it(`${text} is read as ${notation}'s and takes ${expected.join(", ")}`, () => {
      assert.equal(VersionConstraint.parse(text).notation, notation);
      assert.deepEqual(chosen(text), expected);
    });
  }

  it("takes everything but pre-releases if nothing is written", () => {
    assert.deepEqual(chosen(" "), chosen("*"));
  });

  it("chooses the newest that fits, and keeps its spelling", () => {
    const constraint = VersionConstraint.parse("~> 1.2");
    assert.equal(constraint.newest(["v1.2", "v1.10.0", "nightly", "v1.9.9", "v2.0.0"]), "v1.10.0");
    assert.equal(constraint.newest(["v1.1.0", "nightly"]), undefined);
  });

  const bad: readonly (readonly [string, string])[] = [
    ["~> 1.2, >= banana", ">= banana"],
    ["=> 1.0", "=> 1.0"],
    ["~> 1.2 || ^2", "~> 1.2 || ^2"],
    ["1.2, ", ""],
    ["^1.2 || ^two", "^two"],
    ["1.2.3.4", "1.2.3.4"],
    ["== 1.0, < 2", "== 1.0"],
    ["latest", "latest"],
  ];
  for (const [text, part] of bad) {
    it(`quotes ${JSON.stringify(part)} of ${JSON.stringify(text)}, which cannot be read`, () => {
      assert.throws(
        () => VersionConstraint.parse(text),
        (error) =>
          error instanceof InstallError &&
          error.code === "bad-version" &&
          error.facts["part"] === part &&
          error.message.startsWith(JSON.stringify(part)),
      );
    });
  }

  it("never fails otherwise than by saying that it cannot be read", () => {
    const piece = fc.constantFrom(
      "1",
      "2.0",
      "1.2.3",
      "-rc",
      "~>",
      ">=",
      "=",
      ",",
      "||",
      " ",
      "^",
      "x",
      "*",
      "v",
      "-",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        try {
          VersionConstraint.parse(pieces.join("")).newest(offered);
        } catch (error) {
          assert.ok(error instanceof InstallError && error.code === "bad-version");
        }
      }),
    );
  });
});

describe("a version", () => {
  it("is read as Terraform reads it", () => {
    assert.equal(normalVersion("v1.2"), "1.2.0");
    assert.equal(normalVersion(" 1 "), "1.0.0");
    assert.equal(normalVersion("1.2.3-rc.1+build.5"), "1.2.3-rc.1+build.5");
    assert.equal(readVersion("1.2.3.4"), undefined);
    assert.equal(readVersion("01.2.3"), undefined);
    assert.throws(() => normalVersion("newest"), /"newest" is no version/);
  });

  it("is the same and in the same place whatever its build is called", () => {
    assert.ok(sameVersion("v1.2", "1.2.0+linux"));
    assert.ok(!sameVersion("1.2.0-rc", "1.2.0"));
    assert.ok(!sameVersion("one", "one"));
    assert.ok(compareVersions("1.10.0", "1.9.0") > 0);
    assert.ok(compareVersions("1.0.0-rc.1", "1.0.0") < 0);
  });
});
