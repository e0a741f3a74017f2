import assert from "node:assert/strict";
import { test } from "node:test";
import type { InstallErrorCode, TransferOptions } from "@drawbar/install";
import {
  cutAfter,
  dripThenStop,
  endless,
  file,
  garbage,
  inTurn,
  redirect,
  routes,
  silent,
  status,
} from "./servers/behaviours.ts";
import { testCertificates } from "./servers/certificates.ts";
import { type Handler, TestServer } from "./servers/test-server.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf, limits, TransferCase } from "./support/transfer-case.ts";

const secret = "hunter2-of-this-test";
const some: Buffer = Buffer.alloc(50_000, "x");

interface Attack {
  readonly title: string;
  readonly server: (one: () => TransferCase) => Handler;
  readonly code: InstallErrorCode;
  readonly message: RegExp;
  readonly options?: TransferOptions;
  readonly onBytes?: (received: number, one: TransferCase) => void;
  /** Whether a later call may go on from what came. */
  readonly leaves?: readonly string[];
}

const attacks: readonly Attack[] = [
  {
    title: "a body that never ends",
    server: () => endless,
    options: { limits: { artifactBytes: 1_000_000 } },
    code: "too-large",
    message: /larger than the 1000000 bytes/,
  },
  {
    title: "an announced length beyond the bound",
    server: () => (_request, response) =>
      response.writeHead(200, { "content-length": "999999999999" }).write("x"),
    code: "too-large",
    message: /larger than the 2147483648 bytes/,
  },
  {
    title: "fewer bytes than announced, each time",
    server: () => cutAfter(some, 10_000),
    code: "interrupted",
    message: /(cut|fewer bytes).*tried 5 times/,
    leaves: ["artifact.part"],
  },
  {
    title: "a body that stops",
    server: () => dripThenStop(Buffer.from("x"), 1000),
    options: { limits: { retries: 0 } },
    onBytes: (received, one) => received === 1 && one.clock.expire(limits.stallMs),
    code: "interrupted",
    message: /less than 100 bytes came within 31 s/,
    leaves: ["artifact.part"],
  },
  {
    title: "no answer",
    server: (one) => silent(() => one().clock.expire(limits.headerMs)),
    options: { limits: { retries: 1 } },
    code: "interrupted",
    message: /no answer came within 30 s \(tried 2 times\)/,
  },
  {
    title: "an answer that takes longer than all may take",
    server: () => dripThenStop(some, 1_000_000),
    onBytes: (received, one) => received > 0 && one.clock.expire(limits.artifactMs),
    code: "interrupted",
    message: /not complete after 41 s/,
    leaves: ["artifact.part"],
  },
  {
    title: "redirects that never end",
    server: () => redirect("/more"),
    code: "refused",
    message: /leads on after 10 redirects/,
  },
  {
    title: "a redirect to a file",
    server: () => redirect("file:///etc/passwd"),
    code: "refused",
    message: /to file:/,
  },
  {
    title: "a redirect to nowhere",
    server: () => status(302),
    code: "refused",
    message: /without saying where/,
  },
  {
    title: "a redirect to no URL",
    server: () => redirect("http://[oops"),
    code: "refused",
    message: /not a URL/,
  },
  { title: "nothing there", server: () => status(404), code: "not-found", message: /nothing there \(404\)/ },
  {
    title: "a login that is wanted",
    server: () => status(401, { "www-authenticate": 'Bearer realm="x"' }),
    code: "refused",
    message: /credentials \(401\): set DRAWBAR_TOKEN_localhost/,
  },
  { title: "what is forbidden", server: () => status(403), code: "refused", message: /forbids it \(403\)/ },
  {
    title: "a server that wants to be asked in an hour",
    server: () => status(429, { "retry-after": "3600" }),
    code: "unreachable",
    message: /too often \(429\); it asks to come back in 3600 s/,
  },
  { title: "what is not HTTP", server: () => garbage, code: "unreachable", message: /does not speak HTTP/ },
  {
    title: "headers without end",
    server: () => (_request, response) => {
      response
        .writeHead(
          200,
          Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`x-${i}`, "y".repeat(1000)])),
        )
        .end();
    },
    code: "too-large",
    message: /headers of the answer are too large/,
  },
  {
    title: "an unasked range",
    server: () => status(206, { "content-range": "bytes 5-9/10", "content-length": "5" }, "56789"),
    code: "unreachable",
    message: /answered 206/,
  },
];

for (const attack of attacks) {
  test(`${attack.title}: refused, told without secrets, and nothing is left`, async () => {
    await using one = await TransferCase.make(attack.options ?? {});
    await using server = await TestServer.start(attack.server(() => one));
    const url = `${server.origin}/plugin.zip?signature=${secret}`;
    const failure = await failureOf(
      one.download(url, { onBytes: (received) => attack.onBytes?.(received, one) }),
    );
    assert.equal(failure.code, attack.code, failure.message);
    assert.match(failure.message, attack.message);
    assertHides(failure, secret);
    assert.deepEqual(await one.folder.list(), attack.leaves ?? []);
    assert.equal(one.clock.running, 0);
  });
}

test("a redirect from TLS to none is refused unless it is allowed", async () => {
  const certificates = testCertificates();
  await using plain = await TestServer.start(file("here"));
  await using secure = await TestServer.start(redirect(plain.origin), certificates);
  await using strict = await TransferCase.make({ ca: certificates.ca });
  const failure = await failureOf(strict.download(secure.origin));
  assert.equal(failure.code, "refused");
  assert.match(
    failure.message,
    /redirects from https: to http:\/\/localhost:\d+\/, which anybody on the way could change/,
  );
  assert.deepEqual(plain.requests, []);
  await using lax = await TransferCase.make({ ca: certificates.ca, allowDowngrade: true });
  assert.equal(String(await lax.download(secure.origin)), "here");
});

test("certificates of another host, and those that have expired, are refused", async () => {
  for (const [options, message] of [
    [{ name: "elsewhere.example" }, /for another host/],
    [{ expired: true }, /has expired/],
  ] as const) {
    const certificates = testCertificates(options);
    await using server = await TestServer.start(file("here"), certificates);
    await using one = await TransferCase.make({ ca: certificates.ca });
    const failure = await failureOf(one.download(server.origin));
    assert.equal(failure.code, "refused");
    assert.match(failure.message, message);
    assert.deepEqual(server.requests, []);
  }
});

test("hosts that do not exist or listen are told apart, and asked once", async () => {
  await using gone = await TestServer.start(status(200));
  const { origin } = gone;
  await gone[Symbol.asyncDispose]();
  await using one = await TransferCase.make();
  const failure = await failureOf(one.read(origin));
  assert.equal(failure.code, "unreachable");
  assert.match(failure.message, /nothing listens there$/);
  assert.deepEqual(one.clock.waits, []);
});

test("a document is bounded too, with and without an announced length", async () => {
  await using server = await TestServer.start(routes({ "/file": file(some), "/endless": endless }));
  await using one = await TransferCase.make();
  for (const path of ["/file", "/endless"]) {
    const failure = await failureOf(one.read(server.origin + path, { maxBytes: 40_000 }));
    assert.equal(failure.code, "too-large");
  }
});

test("what came before a bound was broken is not gone on from", async () => {
  const etag = '"big"';
  await using server = await TestServer.start(inTurn(cutAfter(some, 10_000, { etag }), file(some, { etag })));
  await using one = await TransferCase.make({ limits: { retries: 0 } });
  assert.equal((await failureOf(one.download(server.origin))).code, "interrupted");
  assert.equal((await failureOf(one.download(server.origin, { maxBytes: 20_000 }))).code, "too-large");
  assert.deepEqual(await one.folder.list(), []);
});
