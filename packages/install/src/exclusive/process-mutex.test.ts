import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ownerHasEnded, pidOfStamp, processStamp } from "@drawbar/io/node";
import { InstallError } from "../install-error.ts";
import { replaceFile, sweep } from "./file-system.ts";
import { withMutex } from "./process-mutex.ts";

const scratch = await mkdtemp(join(tmpdir(), "drawbar-mutex-"));
after(() => rm(scratch, { recursive: true }));

/** The stamp of a process that has ended. */
async function deadStamp(): Promise<string> {
  const child = spawn(process.execPath, ["-e", ""]);
  const { pid } = child;
  await once(child, "exit");
  const [, , boot, space] = (await processStamp()).split("-");
  return `${pid}-1-${boot}-${space}-0123456789ab`;
}

test("what runs under one path runs one after the other, and nothing is left", async () => {
  const path = join(scratch, "one", "mutex");
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withMutex(path, async () => {
        inside++;
        most = Math.max(most, inside);
        await new Promise(setImmediate);
        inside--;
      }),
    ),
  );
  assert.equal(most, 1);
  assert.deepEqual(await readdir(join(scratch, "one")), []);
});

test("what a process that was killed has left is taken over by one of many", async () => {
  const path = join(scratch, "two", "mutex");
  await mkdir(join(scratch, "two"));
  await writeFile(path, await deadStamp());
  let inside = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withMutex(path, async () => {
        assert.equal(++inside, 1);
        await new Promise(setImmediate);
        inside--;
      }),
    ),
  );
  assert.deepEqual(await readdir(join(scratch, "two")), []);
});

test("what processes that were killed on their way have left is swept, and nothing of others", async () => {
  const folder = join(scratch, "swept");
  const path = join(folder, "kv");
  const dead = await deadStamp();
  const others = ["kv.more", `kv.${await processStamp()}`, `other.${dead}`];
  await mkdir(folder);
  for (const name of [`kv.${dead}`, "kv~0123456789ab", `kv~0123456789ab.${dead}`, ...others]) {
    await writeFile(join(folder, name), dead);
  }
  await withMutex(path, async () => {});
  assert.deepEqual((await readdir(folder)).sort(), others.sort());
});

test("a process that runs is waited for, and named, until the caller has enough", async () => {
  const path = join(scratch, "three");
  const abort = new AbortController();
  await withMutex(path, async () => {
    const waiting = withMutex(path, async () => assert.fail("it was not its turn"), {
      signal: abort.signal,
      onWait: (pid) => {
        assert.equal(pid, process.pid);
        abort.abort();
      },
    });
    await assert.rejects(waiting, (error) => error instanceof InstallError && error.code === "cancelled");
  });
});

test("a stamp tells whether its maker has ended", async () => {
  const stamp = await processStamp();
  assert.equal(pidOfStamp(stamp), process.pid);
  assert.equal(await ownerHasEnded(`name.${stamp}`), false);
  assert.equal(await ownerHasEnded(await deadStamp()), true);
  assert.equal(await ownerHasEnded(stamp.replace(/-[0-9a-f]{8}-([0-9a-f]{12})$/, "-ffffffff-$1")), undefined);
  assert.equal(await ownerHasEnded("README.md"), undefined);
});

test("what dead processes left is swept, and nothing else", async () => {
  const folder = join(scratch, "four");
  await mkdir(join(folder, `a.${await deadStamp()}`, "inner"), { recursive: true });
  const kept = [`a.${await processStamp()}`, "drawbar.lock.json"];
  for (const name of kept) await writeFile(join(folder, name), "");
  await sweep(folder);
  assert.deepEqual((await readdir(folder)).sort(), kept.sort());
  await sweep(join(scratch, "no such folder"));
});

test("a file is replaced whole", async () => {
  const path = join(scratch, "text");
  await replaceFile(path, "old");
  await replaceFile(path, "new");
  assert.equal(await readFile(path, "utf8"), "new");
  await assert.rejects(replaceFile(scratch, "a folder cannot be replaced"));
  assert.deepEqual(
    (await readdir(scratch)).filter((name) => name.startsWith(".")),
    [],
  );
});
