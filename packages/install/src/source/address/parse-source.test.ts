import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InstallError } from "../../install-error.ts";
import type { Detector } from "./detector.ts";
import { type ParseOptions, parseSource } from "./parse-source.ts";

const options: ParseOptions = {
  cwd: "/work/folder",
  windows: false,
  defaultRegistry: "registry.example.com",
};

// The spelling, and `GETTER LOCATION`, followed by the subfolder and the parameters if there are any.
const spellings: Readonly<Record<string, string>> = {
  "./kv": "file /work/folder/kv",
  "../kv.zip": "file /work/kv.zip",
  "/opt/kv": "file /opt/kv",
  "/opt/kv.zip//bin/x": "file /opt/kv.zip //bin/x",
  "/opt/kv?v2.zip": "file /opt/kv?v2.zip",
  "/opt/100%.zip": "file /opt/100%.zip",
  "/opt/kv.zip?archive=false": "file /opt/kv.zip archive=false",
  "file::kv": "file /work/folder/kv",
  "file::../kv": "file /work/kv",
  "file:///opt/my%20kv.zip": "file /opt/my kv.zip",
  "file:///opt/kv.zip//bin": "file /opt/kv.zip //bin",
  "file::file:///opt/kv": "file /opt/kv",
  "https://example.com/kv.zip": "http https://example.com/kv.zip",
  "HTTPS://EXAMPLE.com/kv.zip": "http https://example.com/kv.zip",
  "https://example.com/kv.zip//bin?v=1&archive=zip&w=2#part":
    "http https://example.com/kv.zip?v=1&w=2 //bin archive=zip",
  "https://example.com/kv.zip?filename=a%2Bb.zip": "http https://example.com/kv.zip filename=a+b.zip",
  "http::https://example.com/kv": "http https://example.com/kv",
  "git::https://example.com/kv.git//sub/dir?ref=v1+meta&depth=1":
    "git https://example.com/kv.git //sub/dir ref=v1+meta depth=1",
  "git::ssh://git@example.com:22/kv.git": "git ssh://git@example.com:22/kv.git",
  "ssh://git@example.com/kv.git": "git ssh://git@example.com/kv.git",
  "git@example.com:owner/kv.git//sub?ref=main": "git ssh://git@example.com/owner/kv.git //sub ref=main",
  "git::git@example.com:owner/kv.git": "git ssh://git@example.com/owner/kv.git",
  "git::./repository": "git /work/folder/repository",
  "github.com/owner/kv": "github https://github.com/owner/kv",
  "GitHub.com/owner/kv?asset=kv.zip": "github https://github.com/owner/kv asset=kv.zip",
  "https://github.com/owner/kv/": "github https://github.com/owner/kv",
  "github.com/owner/kv.git": "git https://github.com/owner/kv.git",
  "git::github.com/owner/kv": "git https://github.com/owner/kv.git",
  "https://github.com/owner/kv/archive/v1.zip": "http https://github.com/owner/kv/archive/v1.zip",
  "github::https://git.example.com/owner/kv": "github https://git.example.com/owner/kv",
  "gitlab.com/owner/kv": "git https://gitlab.com/owner/kv.git",
  "bitbucket.org/owner/kv.git": "git https://bitbucket.org/owner/kv.git",
  "hashicorp/time": "registry registry.example.com/hashicorp/time",
  "registry.terraform.io/hashicorp/time": "registry registry.terraform.io/hashicorp/time",
  "localhost:8080/a/b": "registry localhost:8080/a/b",
  "npm:kv": "npm kv",
  "npm:@scope/kv": "npm @scope/kv",
  "npm::@scope/kv": "npm @scope/kv",
  "mirror::./mirror/example.com/a/b": "mirror /work/folder/mirror/example.com/a/b",
  "mirror::https://example.com/m/example.com/a/b": "mirror https://example.com/m/example.com/a/b",
  "oci://ghcr.io/owner/kv:v1": "oci oci://ghcr.io/owner/kv:v1",
  "own://bucket/key?x=1": "own own://bucket/key x=1",
};

for (const [text, expected] of Object.entries(spellings)) {
  test(`${text} means ${expected}`, () => {
    const address = parseSource(text, options);
    const parameters = [...address.parameters].map(([name, value]) => ` ${name}=${value}`).join("");
    const subdir = address.subdir === undefined ? "" : ` //${address.subdir}`;
    assert.equal(`${address.getter} ${address.location}${subdir}${parameters}`, expected);
    assert.equal(address.text, text);
    assert.equal(address.credentials, undefined);
  });
}

const mistakes: Readonly<Record<string, RegExp>> = {
  "": /it is empty/,
  "git::": /it is empty/,
  kv: /a path starts with "\.\/"/,
  "a/b/c/d": /a path starts with/,
  "example/a/b": /a path starts with/,
  "https://": /not a URL/,
  "https://exa mple.com/": /not a URL/,
  "file://server/kv": /absolute path of this machine/,
  "./kv//../../etc": /must stay within/,
  "https://example.com/x//a/%2e%2e/b": /must stay within/,
  "https://example.com/x//a%5Cb": /must stay within/,
  "https://example.com/x?checksum=12": /must be of sha256/,
  "./x?checksum=md5:d41d8cd98f00b204e9800998ecf8427e": /older hashes can be forged/,
  "./x?checksum=sha256:12": /must have 64 hexadecimal digits/,
  "./x?checksum=file:": /names no file/,
  "./x?archive=zip&archive=tar": /"archive" is there twice/,
  "https://user:%ff@example.com/": /percent sign/,
  "./a\nb": /control characters/,
};

for (const [text, message] of Object.entries(mistakes)) {
  test(`${JSON.stringify(text)} is refused: ${message.source}`, () => {
    assert.throws(
      () => parseSource(text, options),
      (error) => error instanceof InstallError && error.code === "bad-source" && message.test(error.message),
    );
  });
}

test("on Windows, drives and backslashes are paths", () => {
  const windows = { cwd: "C:\\work", windows: true };
  const locations = ["C:\\opt\\kv", "D:/opt/kv//sub", ".\\kv", "\\\\server\\share\\kv", "file::kv"].map(
    (text) => parseSource(text, windows).location,
  );
  assert.deepEqual(locations, [
    "C:\\opt\\kv",
    "D:\\opt\\kv",
    "C:\\work\\kv",
    "\\\\server\\share\\kv",
    "C:\\work\\kv",
  ]);
});

test("checksums are read in each of their forms", () => {
  const hex = "0123456789abcdefABCDEF0123456789".repeat(2);
  const checksum = (value: string) => parseSource(`./x?checksum=${value}`, options).checksum;
  const sha256 = { kind: "digest", hash: "sha256", digest: hex.toLowerCase() };
  assert.deepEqual(checksum(hex), sha256);
  assert.deepEqual(checksum(`sha256:${hex}`), sha256);
  assert.deepEqual(checksum(`SHA512:${hex}${hex}`), {
    ...sha256,
    hash: "sha512",
    digest: (hex + hex).toLowerCase(),
  });
  assert.deepEqual(checksum("file:./SUMS"), { kind: "file", location: "/work/folder/SUMS" });
  assert.deepEqual(checksum("file:https://example.com/SUMS"), {
    kind: "file",
    location: "https://example.com/SUMS",
  });
});

test("a detector of one's own comes first, and may use other spellings", () => {
  const own: Detector = {
    name: "own",
    detect: (text) =>
      text.startsWith("ours/")
        ? `git::https://git.example.com/${text.slice(5)}.git//plugin?depth=0`
        : undefined,
  };
  const address = parseSource("ours/kv//sub?ref=v1", { ...options, detectors: [own] });
  assert.equal(address.getter, "git");
  assert.equal(address.location, "https://git.example.com/kv.git");
  assert.equal(address.subdir, "plugin/sub");
  assert.deepEqual(Object.fromEntries(address.parameters), { depth: "0", ref: "v1" });
});

test("whatever is written, the answer is an address or an InstallError, and a subfolder stays within", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "git::",
      "https://",
      "file://",
      "//",
      "..",
      "?",
      "checksum=",
      "@",
      ":",
      "%2e",
      "/",
      "&",
      "\\",
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, windows) => {
      try {
        const { subdir = "" } = parseSource(pieces.join(""), { ...options, windows });
        assert.ok(!subdir.split(/[/\\]/).includes("..") && !subdir.startsWith("/"));
      } catch (error) {
        assert.ok(error instanceof InstallError, String(error));
        assert.equal(error.code, "bad-source");
      }
    }),
    { numRuns: 3000 },
  );
});

test("a password in an address is in no part of it that is shown", () => {
  const secret = fc.stringMatching(/^[a-z0-9@:!$*]{1,4}SECRET[a-z0-9@:!$*]{0,4}$/);
  const scheme = fc.constantFrom(
    "https://",
    "git::https://",
    "ssh://",
    "own://",
    "HTTP://",
    "mirror::http://",
  );
  fc.assert(
    fc.property(
      scheme,
      secret,
      fc.constantFrom("", "/x//y", "?ref=1", ":80/", ":x/"),
      (start, password, end) => {
        const show = (text: string): string => {
          try {
            return JSON.stringify(parseSource(text, options));
          } catch (error) {
            return String(error);
          }
        };
        assert.ok(!show(`${start}user:${password}@example.com${end}`).includes("SECRET"));
        assert.ok(
          !show(`${start}example.com/?access_token=${password}`)
            .replace(/"location":"[^"]*"/, "")
            .includes("SECRET@"),
        );
      },
    ),
  );
});
