import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { archiveBytes, compressedPrograms, goodArchives } from "./made-archives.ts";
import { pax, tar } from "./tar-bytes.ts";
import { listing, scratch } from "./unpack-in-scratch.ts";
import { zip } from "./zip-bytes.ts";

const program = "#!/bin/sh\necho hello\n";

for (const archive of goodArchives) {
  test(`unpacks what ${archive.by} wrote, with modes that harm nobody`, async () => {
    await using place = await scratch();
    const files = await place.unpack(archive.fileName, archiveBytes(archive));
    const { root } = archive;
    assert.deepEqual(await listing(place.target), {
      ...(root !== "" && { [root.slice(0, -1)]: "755" }),
      [`${root}data`]: "755",
      [`${root}data/words.txt`]: "644 some data\n",
      [`${root}run`]: `${archive.modes ? "755" : "644"} ${program}`,
    });
    assert.deepEqual(
      new Map(files.map((file) => [file.path, file.sizeBytes])),
      new Map(
        [
          [`${root}data/words.txt`, 10],
          [`${root}run`, program.length],
        ].sort() as [string, number][],
      ),
    );
    assert.equal((await stat(place.target)).mode & 0o7777, 0o755);
  });
}

for (const { fileName, base64 } of compressedPrograms) {
  test(`unpacks a program that is compressed alone: ${fileName}`, async () => {
    await using place = await scratch();
    const files = await place.unpack(fileName, Buffer.from(base64, "base64"));
    assert.deepEqual(files, [{ path: "run", sizeBytes: program.length, executable: true }]);
    assert.deepEqual(await listing(place.target), { run: `755 ${program}` });
  });
}

test("unpacks gzip data of several members", async () => {
  await using place = await scratch();
  await place.unpack("x.gz", Buffer.concat([gzipSync("one, "), gzipSync("two")]));
  assert.deepEqual(await listing(place.target), { x: "755 one, two" });
});

test("unpacks long names of both kinds, and leaves the rest of a pax header alone", async () => {
  await using place = await scratch();
  const long = `${"part/".repeat(30)}file`;
  const bytes = tar(
    pax({ comment: "of all" }, "g"),
    pax({ path: `pax/${long}`, mtime: "1.5", "SCHILY.xattr.user.x": "y" }),
    { name: "short", content: "1" },
    { name: "././@LongLink", type: "L", content: `gnu/${long}\0` },
    { name: "short", content: "2" },
  );
  const files = await place.unpack("x.tar", bytes);
  assert.deepEqual(
    files.map((file) => file.path),
    [`pax/${long}`, `gnu/${long}`],
  );
});

test("takes the size of a pax header for the true one", async () => {
  await using place = await scratch();
  const bytes = tar(pax({ size: "5" }), {
    name: "x",
    content: "hello",
    sizeField: Buffer.from("00000000000\0"),
  });
  await place.unpack("x.tar", bytes);
  assert.deepEqual(await listing(place.target), { x: "644 hello" });
});

test("leaves an archive within the archive as it is", async () => {
  await using place = await scratch();
  const inner = zip([{ name: "../escaped", content: "x" }]);
  const [file] = await place.unpack("x.zip", zip([{ name: "inner.zip", content: inner }]));
  assert.deepEqual(file, { path: "inner.zip", sizeBytes: inner.length, executable: false });
});

test("unpacks an empty file, and an entry that is stored", async () => {
  await using place = await scratch();
  await place.unpack(
    "x.zip",
    zip([{ name: "empty" }, { name: "stored", content: "as it is", stored: true, mode: 0o106777 }]),
  );
  assert.deepEqual(await listing(place.target), { empty: "644 ", stored: "755 as it is" });
});

test("an abort ends it, and leaves nothing", async () => {
  await using place = await scratch();
  const { unpack } = await import("@drawbar/install");
  const { writeFile } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const file = join(place.root, "archives", "archive");
  await writeFile(file, tar({ name: "x", content: "y" }));
  const signal = AbortSignal.abort();
  await assert.rejects(unpack(file, place.target, { fileName: "x.tar", signal }), { code: "cancelled" });
  await place.assertUntouched();
});

test("a folder that is there already is not unpacked into", async () => {
  await using place = await scratch();
  await place.unpack("x.tar", tar({ name: "x", content: "first" }));
  await assert.rejects(place.unpack("x.tar", tar({ name: "x", content: "second" })), /EEXIST/);
  assert.deepEqual(await listing(place.target), { x: "644 first" });
});
