import assert from "node:assert/strict";
import { test } from "node:test";
import { InstallError, VersionConstraint } from "@drawbar/install";
import fc from "fast-check";
import { askGo } from "./go-versions.ts";

const seed = 1_607_964_512;
const questions = 4000;

const number = fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.nat(12), fc.constant(1_000_000));
const release = fc.tuple(number, number, number).map((parts) => parts.join("."));
const prerelease = fc.constantFrom("alpha", "beta", "beta.2", "beta.11", "rc.1", "rc.1.x-y", "1", "0.3.7");
const version = fc.oneof(
  { weight: 3, arbitrary: release },
  fc.tuple(release, prerelease).map(([numbers, label]) => `${numbers}-${label}`),
);
const partial = fc.array(number, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
const operator = fc.constantFrom("", "=", "!=", ">", ">=", "<", "<=", "~>");
const space = fc.constantFrom("", " ");
const comparator = fc
  .tuple(operator, space, fc.oneof(partial, version))
  .map(([sign, gap, text]) => ({ sign, text, written: `${sign}${gap}${text}` }));
const constraint = fc.array(comparator, { minLength: 1, maxLength: 3 });

const samples = fc.sample(fc.tuple(constraint, fc.array(version, { minLength: 12, maxLength: 12 })), {
  numRuns: questions,
  seed,
});
const asked = samples.map(([parts, others]) => {
  // Those that the constraint names lie at its edges.
  const named = parts.map(({ text }) => text).filter((text) => /^\d+\.\d+\.\d+/.test(text));
  // 0.0.0 is that library's word for "no version", and fits nothing there.
  const Versions = [...others, ...named].filter((text) => text !== "0.0.0");
  return { parts, Constraint: parts.map(({ written }) => written).join(", "), Versions };
});

function ours({
  Constraint,
  Versions,
}: {
  readonly Constraint: string;
  readonly Versions: readonly string[];
}) {
  const parsed = VersionConstraint.parse(Constraint);
  assert.equal(parsed.notation, "terraform", Constraint);
  return Versions.map((text) => parsed.allows(text));
}

test(`${questions} constraints have the versions that Terraform chooses providers by`, async () => {
  const answers = await askGo(asked);
  let taken = 0;
  for (const [index, question] of asked.entries()) {
    const go = answers[index]?.Providers;
    assert.ok(go, `${question.Constraint} can be read`);
    const found = ours(question);
    assert.deepEqual(found, go, `${question.Constraint} of ${question.Versions.join(" ")}`);
    taken += found.filter(Boolean).length;
  }
  assert.ok(taken > questions, "enough of them fit for the comparison to say something");
});

test("and those of hashicorp/go-version, but for pre-releases and a ~> of one number", async () => {
  const answers = await askGo(asked);
  for (const [index, question] of asked.entries()) {
    // There `~> 1` has 2.0 too, and what the lower end of a ~> is, if it is a pre-release, is not a lower end.
    const differs = question.parts.some(
      ({ sign, text }) => sign === "~>" && (!text.includes(".") || text.includes("-")),
    );
    if (differs) continue;
    const go = answers[index]?.GoVersion ?? [];
    const found = ours(question);
    for (const [at, text] of question.Versions.entries()) {
      if (text.includes("-")) continue;
      assert.equal(found[at], go[at], `${question.Constraint} of ${text}`);
    }
  }
});

test("what Terraform cannot read is not read here either, but as npm's", async () => {
  const pieces = fc.constantFrom(
    "1",
    "2.0",
    "1.2.3",
    "~>",
    ">=",
    "=",
    "!=",
    ",",
    " ",
    "==",
    "=>",
    "beta",
    "1.2.3-rc",
  );
  const texts = fc.sample(
    fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("")),
    { numRuns: 2000, seed },
  );
  const answers = await askGo(texts.map((Constraint) => ({ Constraint, Versions: [] })));
  for (const [index, text] of texts.entries()) {
    if (answers[index]?.Providers !== null || answers[index]?.GoVersion !== null) continue;
    try {
      assert.equal(VersionConstraint.parse(text).notation, "npm", JSON.stringify(text));
    } catch (error) {
      assert.ok(error instanceof InstallError && error.code === "bad-version", String(error));
    }
  }
});
