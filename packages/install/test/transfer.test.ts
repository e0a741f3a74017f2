import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { cutAfter, file, inTurn, json, redirect, routes, status } from "./servers/behaviours.ts";
import { testCertificates } from "./servers/certificates.ts";
import { TestServer } from "./servers/test-server.ts";
import { failureOf, TransferCase } from "./support/transfer-case.ts";

const bytes: Buffer = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

test("an artefact is written to its file, with progress, and nothing is beside it", async () => {
  await using server = await TestServer.start(file(bytes));
  await using one = await TransferCase.make();
  const progress: (readonly [number, number | undefined])[] = [];
  const found = await one.download(server.origin, { onBytes: (...args) => progress.push(args) });
  assert.deepEqual(found, bytes);
  assert.deepEqual(progress[0], [0, bytes.length]);
  assert.deepEqual(progress.at(-1), [bytes.length, bytes.length]);
  assert.deepEqual(await one.folder.list(), ["artifact.part"]);
  assert.equal((await stat(one.file)).mode & 0o777, 0o600);
  assert.equal(server.requests[0]?.headers["accept-encoding"], "identity");
  assert.equal(one.clock.running, 0);
});

test("a connection that is cut is taken up again where it ended, with the same bytes", async () => {
  const etag = `"${bytes.length}"`;
  await using server = await TestServer.start(inTurn(cutAfter(bytes, 120_000, { etag }), file(bytes)));
  await using one = await TransferCase.make();
  assert.deepEqual(await one.download(server.origin), bytes);
  const again = server.requests[1]?.headers;
  assert.match(String(again?.["range"]), /^bytes=[1-9]\d*-$/);
  assert.equal(again?.["if-range"], etag);
  assert.equal(one.clock.waits.length, 1);
});

test("a download goes on in another process, and what was not noted is not trusted", async () => {
  await using server = await TestServer.start(
    inTurn(cutAfter(bytes, 100_000, { etag: '"300000"' }), file(bytes)),
  );
  await using one = await TransferCase.make({ limits: { retries: 0 } });
  const failure = await failureOf(one.download(server.origin));
  assert.equal(failure.code, "interrupted");
  assert.deepEqual(await one.folder.list(), ["artifact.part", "artifact.part.resume"]);
  const here = (await stat(one.file)).size;
  assert.deepEqual(await one.download(server.origin), bytes);
  assert.equal(server.requests[1]?.headers["range"], `bytes=${here}-`);

  await writeFile(one.file, "of something else");
  assert.deepEqual(await one.download(server.origin), bytes);
  assert.equal(server.requests[2]?.headers["range"], undefined);
});

test("a file that changed meanwhile is fetched from its beginning", async () => {
  const changed = Buffer.from(bytes).fill(7, 0, 10);
  await using server = await TestServer.start(
    inTurn(cutAfter(bytes, 100_000, { etag: '"old"' }), file(changed, { etag: '"new"' })),
  );
  await using one = await TransferCase.make();
  assert.deepEqual(await one.download(server.origin), changed);
  assert.equal(server.requests.length, 2);
});

test("a server that answers a range with other bytes is asked for everything", async () => {
  const lying = status(206, { "content-range": "bytes 0-9/300000", "content-length": "10" }, "0123456789");
  await using server = await TestServer.start(
    inTurn(cutAfter(bytes, 100_000, { etag: '"300000"' }), lying, file(bytes)),
  );
  await using one = await TransferCase.make();
  assert.deepEqual(await one.download(server.origin), bytes);
  assert.equal(server.requests[2]?.headers["range"], undefined);
});

test("a server without ranges, or without anything to compare by, is asked for everything again", async () => {
  for (const options of [{ ranges: false }, { etag: null }, { etag: 'W/"weak"' }] as const) {
    const headers = options.etag === undefined ? { etag: '"300000"' } : options.etag === null ? {} : options;
    await using server = await TestServer.start(
      inTurn(cutAfter(bytes, 100_000, headers), file(bytes, options)),
    );
    await using one = await TransferCase.make();
    assert.deepEqual(await one.download(server.origin), bytes);
  }
});

test("a date of change does where there is no ETag", async () => {
  const lastModified = "Tue, 24 Nov 2026 10:00:00 GMT";
  const good = file(bytes, { etag: null, lastModified });
  await using server = await TestServer.start(
    inTurn(cutAfter(bytes, 100_000, { "last-modified": lastModified }), good),
  );
  await using one = await TransferCase.make();
  assert.deepEqual(await one.download(server.origin), bytes);
  assert.equal(server.requests[1]?.headers["if-range"], lastModified);
});

test("a file of which all bytes are here already is complete", async () => {
  const extra = Buffer.concat([bytes, Buffer.from("!")]);
  await using server = await TestServer.start(
    inTurn(cutAfter(extra, bytes.length, { etag: '"300000"' }), file(bytes)),
  );
  await using one = await TransferCase.make();
  const found = await one.download(server.origin);
  // The second answer is about a shorter file: not the rest of the first.
  assert.deepEqual(found, bytes);
  assert.deepEqual(await one.folder.list(), ["artifact.part"]);
});

test("redirects are followed, and a document says where it was in the end", async () => {
  await using server = await TestServer.start(
    routes({ "/a": redirect("/b", 301), "/b": redirect("c/d", 307), "/c/d": json({ ok: true }) }),
  );
  await using one = await TransferCase.make();
  const signal = new AbortController().signal;
  const found = await one.transfer.read({ url: `${server.origin}/a`, signal });
  assert.equal(found.url.href, `${server.origin}/c/d`);
  assert.equal(found.bytes.toString(), '{"ok":true}');
  assert.equal(found.headers.get("content-type"), "application/json");
});

test("a server that is busy is asked again, when it says, but not for ever", async () => {
  await using server = await TestServer.start(
    inTurn(status(503), status(429, { "retry-after": "3" }), status(500), json({})),
  );
  await using one = await TransferCase.make();
  assert.equal(await one.read(server.origin), "{}");
  const [first = 0, second, third = 0] = one.clock.waits;
  assert.equal(second, 3000);
  assert.ok(first >= 4 && first <= 8 && third >= 16 && third <= 32, `it waited ${one.clock.waits}`);

  await using busy = await TestServer.start(status(503));
  const failure = await failureOf(one.read(busy.origin));
  assert.equal(failure.code, "unreachable");
  assert.match(failure.message, /answered 503 \(tried 5 times\)$/);
  assert.equal(busy.requests.length, 5);
});

test("TLS works with an authority of one's own, and only with it", async () => {
  const certificates = testCertificates();
  await using server = await TestServer.start(json({}), certificates);
  await using trusting = await TransferCase.make({ ca: certificates.ca });
  assert.equal(await trusting.read(server.origin), "{}");
  await using other = await TransferCase.make();
  const failure = await failureOf(other.read(server.origin));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
});

test("a compressed answer is stored as it came: its digest is of these bytes", async () => {
  const headers = { "content-encoding": "gzip" };
  await using server = await TestServer.start(file("not even gzip", { headers }));
  await using one = await TransferCase.make();
  assert.equal(String(await one.download(server.origin)), "not even gzip");
  const failure = await failureOf(one.read(server.origin));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /compressed \(gzip\)/);
});

test("a transfer that is cancelled says so, and can go on later", async () => {
  await using server = await TestServer.start(
    inTurn(cutAfter(bytes, 1000, { etag: '"300000"' }), file(bytes)),
  );
  await using one = await TransferCase.make();
  const controller = new AbortController();
  const cancelled = one.download(server.origin, {
    signal: controller.signal,
    onBytes: (received) => received > 0 && controller.abort(new Error("enough")),
  });
  const failure = await failureOf(cancelled);
  assert.equal(failure.code, "cancelled");
  assert.equal((failure.cause as Error).message, "enough");
  assert.equal(one.clock.running, 0);
  assert.deepEqual(await one.download(server.origin), bytes);
  const before = await failureOf(one.download(server.origin, { signal: AbortSignal.abort() }));
  assert.equal(before.code, "cancelled");
  assert.deepEqual(await readFile(one.file), bytes);
});
