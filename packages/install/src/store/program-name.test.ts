import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isPluginName } from "./plugin-name.ts";
import { formatProgramName, parseArtifactName, parseProgramName } from "./program-name.ts";

const linux = { os: "linux", arch: "amd64" };

test("a file's name tells plugin, version and platform", () => {
  const cases: readonly (readonly [string, string, string, object | undefined])[] = [
    ["kv_v1.2.3", "kv", "1.2.3", undefined],
    ["kv_v1.2.3.exe", "kv", "1.2.3", undefined],
    ["kv_v1.2.3_linux_amd64", "kv", "1.2.3", linux],
    ["kv_v1.2.3_windows_386.exe", "kv", "1.2.3", { os: "windows", arch: "386" }],
    ["kv_1.2.3_linux_amd64", "kv", "1.2.3", linux],
    ["my_kv_v1.2.3-rc.1+b5_linux_amd64", "my_kv", "1.2.3-rc.1+b5", linux],
    ["terraform-provider-time_v0.9.1_x5", "terraform-provider-time", "0.9.1", undefined],
    ["packer-plugin-amazon_v1.2.8_x5.0_linux_amd64", "packer-plugin-amazon", "1.2.8", linux],
  ];
  for (const [file, name, version, platform] of cases) {
    assert.deepEqual(parseProgramName(file), { name, version, platform }, file);
  }
  for (const other of ["kv", "kv_v1", "kv_v1.2", "kv_vone.two.three", "_v1.2.3", "kv-1.2.3", "kv_v01.2.3"]) {
    assert.equal(parseProgramName(other), undefined, other);
  }
});

test("an archive's name tells the same", () => {
  for (const ending of ["zip", "tar.gz", "tgz", "tar.zst", "gz", "tar.bz2"]) {
    const expected = { name: "kv", version: "1.2.3", platform: linux };
    assert.deepEqual(parseArtifactName(`kv_1.2.3_linux_amd64.${ending}`), expected);
  }
});

test("the name that a program is given is read back", () => {
  const part = fc.nat(99);
  const version = fc.tuple(part, part, part).map((parts) => parts.join("."));
  const name = fc
    .stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}[a-z0-9]$/)
    .filter((text) => !/_v?\d+\.\d+\.\d+/.test(text));
  fc.assert(
    fc.property(name, version, fc.constantFrom("linux", "windows"), (name, version, os) => {
      const parsed = parseProgramName(formatProgramName(name, version, { os, arch: "amd64" }));
      assert.deepEqual(parsed, { name, version, platform: undefined });
    }),
  );
});

test("a plugin's name is a file's name everywhere, and no path", () => {
  for (const name of ["kv", "terraform-provider-time", "a.b_c-d", "K8s", "constructor"])
    assert.ok(isPluginName(name));
  for (const name of [
    "",
    ".",
    "..",
    "a/b",
    "a\\b",
    "-a",
    "a.",
    "nul",
    "COM1.txt",
    "a b",
    "é",
    "a".repeat(65),
  ]) {
    assert.ok(!isPluginName(name), name);
  }
});
