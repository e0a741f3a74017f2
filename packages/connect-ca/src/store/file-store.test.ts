import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { FileStore } from "./file-store.ts";
import { MemoryStore } from "./memory-store.ts";
import type { StateStore } from "./state-store.ts";
import type { StoreSecret } from "./store-key.ts";

const scratch = await mkdtemp(join(tmpdir(), "connect-ca-store-"));
after(() => rm(scratch, { recursive: true }));

const keyFile = join(scratch, "key");
await writeFile(keyFile, randomBytes(32));
const secret: StoreSecret = { keyFile };
let folders = 0;

function newFolder(): string {
  folders += 1;
  return join(scratch, `store-${folders}`);
}

async function remembered(folder: string, key: string): Promise<string | undefined> {
  await using store = await FileStore.open({ folder, secret });
  return await store.get(key);
}

const makers: Readonly<Record<string, () => Promise<StateStore>>> = {
  "in memory": async () => new MemoryStore(),
  "on disk": () => FileStore.open({ folder: newFolder(), secret, reserve: 3 }),
};
for (const [where, make] of Object.entries(makers)) {
  test(`a store ${where} replaces what is still there, and nothing else`, async () => {
    await using store = await make();
    assert.equal(await store.get("k"), undefined);
    assert.equal(await store.replace("k", "other", "1"), false);
    assert.equal(await store.replace("k", undefined, "1"), true);
    assert.equal(await store.replace("k", undefined, "2"), false);
    assert.equal(await store.get("k"), "1");
    const both = await Promise.all([store.replace("k", "1", "2"), store.replace("k", "1", "3")]);
    assert.deepEqual(both, [true, false]);
    assert.equal(await store.get("k"), "2");
    assert.equal(await store.replace("k", "2", undefined), true);
    assert.equal(await store.get("k"), undefined);
  });

  test(`a store ${where} gives every number once, to any number of callers at once`, async () => {
    await using store = await make();
    const numbers = await Promise.all(Array.from({ length: 100 }, () => store.next("s")));
    assert.deepEqual(
      numbers.sort((one, other) => Number(one - other)),
      Array.from({ length: 100 }, (_, index) => BigInt(index + 1)),
    );
    assert.equal(await store.next("other"), 1n);
  });
}

test("what was put is there for the next process, and can be read by nobody else", async () => {
  const folder = newFolder();
  {
    await using store = await FileStore.open({ folder, secret });
    await store.replace("key", undefined, "the secret value");
  }
  assert.equal(await remembered(folder, "key"), "the secret value");
  assert.ok(!(await readFile(join(folder, "state.ca"), "latin1")).includes("secret"));
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const name of await readdir(folder))
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
});

test("a process that dies leaves out numbers and repeats none", async () => {
  const folder = newFolder();
  const dead = await FileStore.open({ folder, secret, reserve: 10 });
  const given = [await dead.next("s"), await dead.next("s")];
  await using heir = await FileStore.open({ folder, secret, reserve: 10, takeOver: true });
  assert.deepEqual(given, [1n, 2n]);
  assert.equal(await heir.next("s"), 11n);
});

test("what a death left of a write is passed over", async () => {
  const folder = newFolder();
  {
    await using store = await FileStore.open({ folder, secret });
    await store.replace("key", undefined, "old");
  }
  const whole = await readFile(join(folder, "state.ca"));
  await writeFile(join(folder, "state.ca.new"), whole.subarray(0, whole.length / 2));
  {
    await using store = await FileStore.open({ folder, secret });
    assert.equal(await store.get("key"), "old");
    await store.replace("key", "old", "new");
  }
  assert.equal(await remembered(folder, "key"), "new");
});

test("a file that was cut or changed anywhere is damaged, and is said to be", async () => {
  const folder = newFolder();
  const path = join(folder, "state.ca");
  {
    await using store = await FileStore.open({ folder, secret });
    await store.replace("key", undefined, "value");
  }
  const whole = await readFile(path);
  const tried = [Buffer.alloc(0), whole.subarray(0, 20), whole.subarray(0, whole.length - 1)];
  for (let offset = 0; offset < whole.length; offset += 7) {
    const changed = Buffer.from(whole);
    changed[offset] = (changed[offset] ?? 0) ^ 1;
    tried.push(changed);
  }
  for (const bytes of tried) {
    await writeFile(path, bytes);
    await assert.rejects(FileStore.open({ folder, secret }), {
      name: "StoreError",
      code: "ca-store-damaged",
      message: /^the store .* is damaged: .*; restore it from a backup/,
    });
  }
  await writeFile(path, whole);
  assert.equal(await remembered(folder, "key"), "value");
});

test("a wrong passphrase, a wrong key file and the wrong kind of secret are told from damage", async () => {
  const folder = newFolder();
  {
    await using store = await FileStore.open({ folder, secret: { passphrase: "correct horse" } });
    await store.replace("key", undefined, "value");
  }
  const opening = (wrong: StoreSecret): Promise<FileStore> => FileStore.open({ folder, secret: wrong });
  await assert.rejects(opening({ passphrase: "battery staple" }), {
    code: "ca-store-wrong-key",
    message: /^the passphrase is not the one that .* was made with$/,
  });
  await assert.rejects(opening({ passphrase: "" }), { code: "ca-store-weak-key" });
  await assert.rejects(opening(secret), {
    code: "ca-store-wrong-key",
    message: "the store was made with a passphrase, not with a key file",
  });
  await using store = await opening({ passphrase: "correct horse" });
  assert.equal(await store.get("key"), "value");
});

test("a key file that is missing or too short is refused before anything is written", async () => {
  const folder = newFolder();
  const short = join(scratch, "short");
  await writeFile(short, "too short");
  await assert.rejects(FileStore.open({ folder, secret: { keyFile: short } }), {
    code: "ca-store-weak-key",
    message: /has 9 bytes, expected between 32 and 65536/,
  });
  await assert.rejects(FileStore.open({ folder, secret: { keyFile: join(scratch, "none") } }), {
    code: "ca-store-failed",
    message: /^the key file .*none cannot be read/,
  });
  const other = join(scratch, "other-key");
  await writeFile(other, randomBytes(32));
  {
    await using store = await FileStore.open({ folder, secret });
    await store.next("s");
  }
  await assert.rejects(FileStore.open({ folder, secret: { keyFile: other } }), {
    code: "ca-store-wrong-key",
  });
});

test("while the disk refuses, nothing is changed and no number given; afterwards it goes on", async () => {
  const folder = newFolder();
  const inTheWay = join(folder, "state.ca.new");
  await using store = await FileStore.open({ folder, secret, reserve: 2 });
  await store.replace("key", undefined, "old");
  const given = [await store.next("s"), await store.next("s")];
  await mkdir(inTheWay);
  const refused = {
    name: "StoreError",
    code: "ca-store-failed",
    message: /^the store .* cannot be written: EISDIR/,
  };
  await assert.rejects(store.replace("key", "old", "new"), refused);
  await assert.rejects(store.next("s"), refused);
  assert.equal(await store.get("key"), "old");
  await rmdir(inTheWay);
  assert.equal(await store.replace("key", "old", "new"), true);
  given.push(await store.next("s"), await store.next("s"));
  assert.deepEqual(given, [1n, 2n, 3n, 4n]);
});

test("any sequence of changes and deaths leaves what was answered, and every number once", async () => {
  const change = fc.record({
    key: fc.constantFrom("a", "b"),
    value: fc.option(fc.string(), { nil: undefined }),
  });
  const step = fc.oneof(change, fc.constant("number" as const), fc.constant("death" as const));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const folder = newFolder();
      const model = new Map<string, string | undefined>();
      const given: bigint[] = [];
      let store = await FileStore.open({ folder, secret, reserve: 2 });
      for (const next of steps) {
        if (next === "number") given.push(await store.next("s"));
        else if (next === "death")
          store = await FileStore.open({ folder, secret, reserve: 2, takeOver: true });
        else {
          assert.equal(await store.replace(next.key, model.get(next.key), next.value), true);
          model.set(next.key, next.value);
        }
        for (const [key, value] of model) assert.equal(await store.get(key), value);
      }
      assert.equal(new Set(given).size, given.length);
      await store[Symbol.asyncDispose]();
    }),
    { numRuns: 30 },
  );
});

test("a store that is closed does nothing more, and closes once", async () => {
  const store = await FileStore.open({ folder: newFolder(), secret });
  const writing = store.replace("key", undefined, "value");
  await store[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  assert.equal(await writing, true);
  await assert.rejects(store.get("key"), { code: "ca-store-closed" });
  await assert.rejects(store.next("s"), { code: "ca-store-closed" });
});
