import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { peerPath } from "../support/peer-path.ts";
import { runProgram } from "./run-program.ts";

// What a plugin's author writes, for runners whose words are `test` and `expect`.
const kitTest = `
import { grpcPlugin, netrpcPlugin } from "drawbar";
import { inProcess } from "drawbar/testing";
import { method, service } from "@drawbar/netrpc";
import * as gob from "@drawbar/gob";

const text = { encode: (value) => Buffer.from(value), decode: (bytes) => Buffer.from(bytes).toString() };
const Echo = {
  name: "test.Echo",
  methods: { echo: { path: "/test.Echo/Echo", kind: "unary", request: text, response: text } },
};

test("over gRPC", async () => {
  const echo = grpcPlugin(Echo).implement({ echo: (request) => request });
  const kit = await inProcess({ echo });
  expect(await (await kit.dispense("echo")).echo("hello")).toBe("hello");
  await kit.close();
});

test("over net/rpc", async () => {
  const contract = service("Echo", { Echo: method(gob.string, gob.string) });
  const echo = netrpcPlugin(contract).implement({ Echo: (request) => request });
  const kit = await inProcess({ echo });
  expect(await (await kit.dispense("echo")).Echo("hello")).toBe("hello");
  await kit.close();
});
`;

/** A project with one test, beside this file, so that packages are found as from any program of the workspace. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const folder = fileURLToPath(new URL(`./test-runners/${name}/`, import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

describe("the test kit", () => {
  it("works under vitest", async () => {
    const folder = project("vitest", { "kit.spec.js": kitTest });
    const vitest = await peerPath("vitest", "vitest");
    const command: [string, ...string[]] = [process.execPath, vitest, "run", "--globals", "--root", folder];
    const { code, stdout, stderr } = await runProgram(command, folder, { CI: "1", NO_COLOR: "1" });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Tests +2 passed/);
  });

  it("works under jest", async () => {
    const config = { transform: {}, testMatch: ["**/*.spec.mjs"], testEnvironment: "node" };
    const folder = project("jest", { "kit.spec.mjs": kitTest, "jest.config.json": JSON.stringify(config) });
    const jest = await peerPath("jest", "jest");
    const command: [string, ...string[]] = [process.execPath, "--experimental-vm-modules", jest];
    const { code, stdout, stderr } = await runProgram([...command, "--rootDir", folder], folder, { CI: "1" });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stderr, /Tests: +2 passed/);
  });
});
