import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatLock, type LockDocument, parseLock } from "./lock-document.ts";

const digest = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 64, maxLength: 64 });
const hash = fc.oneof(
  digest.map((hex) => `sha256:${hex}`),
  digest.map((hex) => `h1:${Buffer.from(hex, "hex").toString("base64")}`),
);
const platform = fc.constantFrom("linux_amd64", "darwin_arm64", "windows_386");
// Any character, as fast-check's unit "binary" gives them, which takes more than a second to make.
const character = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((value) => String.fromCodePoint(value));
const entry = fc.record({
  version: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join(".")),
  constraint: fc.string(),
  source: fc.string({ unit: character }),
  hashes: fc.dictionary(
    platform,
    fc.uniqueArray(hash, { maxLength: 3 }).map((list) => list.sort()),
  ),
  programs: fc.dictionary(platform, hash),
});
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}[A-Za-z0-9]$/);
const names = fc.oneof({ weight: 8, arbitrary: name }, fc.constantFrom("constructor", "toString"));

test("a lock document is read as it was written, and one content is one text", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(names, entry), { selector: ([key]) => key, maxLength: 5 }),
      (entries) => {
        const document: LockDocument = { plugins: Object.fromEntries(entries) };
        const text = formatLock(document);
        assert.deepEqual({ ...parseLock(text, "lock").plugins }, plain({ ...document.plugins }));
        assert.equal(formatLock(parseLock(text, "lock")), text);
        assert.equal(formatLock({ plugins: Object.fromEntries(entries.toReversed()) }), text);
        assert.ok(text.endsWith("}\n"));
      },
    ),
  );
});

// fast-check's dictionaries may lack a prototype, which is no difference here.
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("what is no lock document is refused, and nothing else happens", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        parseLock(text, "lock");
      } catch (error) {
        assert.match(String(error), /^InstallError: lock cannot be used: /);
      }
    }),
  );
});
