import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readOwnIdentity } from "@drawbar/io/node";
import { ProcessLock } from "./process-lock.ts";

const scratch = await mkdtemp(join(tmpdir(), "connect-ca-lock-"));
after(() => rm(scratch, { recursive: true }));

async function newFolder(): Promise<string> {
  return await mkdtemp(join(scratch, "lock-"));
}

test("one at a time has a folder, and when it is released the next one", async () => {
  const folder = await newFolder();
  const lock = await ProcessLock.acquire(folder);
  await assert.rejects(ProcessLock.acquire(folder), {
    code: "ca-store-locked",
    message: new RegExp(`^the store is in use: process ${process.pid} has it open; end that process`),
  });
  await lock[Symbol.asyncDispose]();
  await using _next = await ProcessLock.acquire(folder);
  assert.deepEqual(await readdir(folder), ["lock.2"]);
});

test("of many at once one gets it", async () => {
  const folder = await newFolder();
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => ProcessLock.acquire(folder)));
  assert.equal(tries.filter((result) => result.status === "fulfilled").length, 1);
  for (const result of tries)
    if (result.status === "rejected") assert.equal(result.reason.code, "ca-store-locked");
  assert.equal((await readdir(folder)).length, 1);
});

test("a process that was killed holds nothing", async () => {
  const folder = await newFolder();
  const module = new URL("./process-lock.js", import.meta.url).href;
  const program = `const { ProcessLock } = await import(${JSON.stringify(module)});
    await ProcessLock.acquire(${JSON.stringify(folder)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  await assert.rejects(ProcessLock.acquire(folder), { code: "ca-store-locked" });
  child.kill("SIGKILL");
  await once(child, "exit");
  await using _lock = await ProcessLock.acquire(folder);
});

test("a process id that was given to another process, or before the machine started anew, holds nothing", async () => {
  const self = await readOwnIdentity();
  for (const other of [{ started: `${self.started}1` }, { boot: "another boot" }]) {
    const folder = await newFolder();
    await writeFile(join(folder, "lock.7"), JSON.stringify({ ...self, ...other }));
    await using _lock = await ProcessLock.acquire(folder);
    assert.deepEqual(await readdir(folder), ["lock.8"]);
  }
});

test("a holder on another machine or in another container cannot be seen: only takeOver passes it", async () => {
  const self = await readOwnIdentity();
  for (const other of [{ host: "elsewhere" }, { space: "pid:[1]" }]) {
    const folder = await newFolder();
    await writeFile(join(folder, "lock.1"), JSON.stringify({ ...self, ...other }));
    await assert.rejects(ProcessLock.acquire(folder), {
      code: "ca-store-locked",
      message: /which cannot be seen from here; .* open it with takeOver$/,
    });
    await using _lock = await ProcessLock.acquire(folder, true);
  }
});

test("a lock that nobody can have written is not passed over", async () => {
  const folder = await newFolder();
  for (const content of ["", "{}", "null", "1"]) {
    await writeFile(join(folder, "lock.1"), content);
    await assert.rejects(ProcessLock.acquire(folder), { code: "ca-store-locked" });
  }
  assert.equal(await readFile(join(folder, "lock.1"), "utf8"), "1");
});
