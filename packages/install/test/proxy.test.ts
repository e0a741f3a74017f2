import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./servers/behaviours.ts";
import { testCertificates } from "./servers/certificates.ts";
import { startProxy } from "./servers/proxy.ts";
import { TestServer } from "./servers/test-server.ts";
import { assertHides } from "./support/secrets.ts";
import { failureOf, TransferCase } from "./support/transfer-case.ts";

const secret = "pr0xy-secret";
const login = `Basic ${Buffer.from(`me:${secret}`).toString("base64")}`;

test("a plain URL goes through the proxy for HTTP as it is, and TLS through a tunnel of the other", async () => {
  const certificates = testCertificates();
  await using plain = await TestServer.start(file("plain"));
  await using secure = await TestServer.start(file("secure"), certificates);
  await using one = await startProxy(login);
  await using two = await startProxy(login);
  const address = (port: number): string => `http://me:${secret}@127.0.0.1:${port}`;
  await using transfer = await TransferCase.make({
    ca: certificates.ca,
    env: { HTTP_PROXY: address(one.port), https_proxy: address(two.port) },
  });
  assert.equal(await transfer.read(`${plain.origin}/x`), "plain");
  assert.equal(await transfer.read(`${secure.origin}/y`), "secure");
  assert.deepEqual(one.seen, [`GET ${plain.origin}/x`]);
  assert.deepEqual(two.seen, [`CONNECT localhost:${secure.port}`]);
  assert.equal(plain.requests[0]?.headers["proxy-authorization"], undefined);
});

test("a proxy for HTTP is not used for TLS, and NO_PROXY is honoured", async () => {
  const certificates = testCertificates();
  await using secure = await TestServer.start(file("secure"), certificates);
  await using plain = await TestServer.start(file("plain"));
  await using proxy = await startProxy();
  const HTTP_PROXY = `127.0.0.1:${proxy.port}`;
  await using one = await TransferCase.make({ ca: certificates.ca, env: { HTTP_PROXY } });
  assert.equal(await one.read(secure.origin), "secure");
  await using two = await TransferCase.make({ env: { HTTP_PROXY, NO_PROXY: "example.com, localhost" } });
  assert.equal(await two.read(plain.origin), "plain");
  assert.deepEqual(proxy.seen, []);
  assert.equal(await one.read(plain.origin), "plain");
  assert.equal(proxy.seen.length, 1);
});

test("a proxy that wants another password, or is not there, is told without the password", async () => {
  const certificates = testCertificates();
  await using plain = await TestServer.start(file("plain"));
  await using secure = await TestServer.start(file("secure"), certificates);
  await using proxy = await startProxy("Basic another");
  const address = `http://me:${secret}@127.0.0.1:${proxy.port}`;
  await using one = await TransferCase.make({
    env: { HTTP_PROXY: address, HTTPS_PROXY: address },
    ca: certificates.ca,
  });
  for (const { origin } of [plain, secure]) {
    const failure = await failureOf(one.read(origin));
    assert.equal(failure.code, "refused");
    assert.match(failure.message, /proxy wants another user and password/);
    assertHides(failure, secret);
  }
  await proxy[Symbol.asyncDispose]();
  for (const { origin } of [plain, secure]) {
    const failure = await failureOf(one.read(origin));
    assert.equal(failure.code, "unreachable");
    assertHides(failure, secret);
  }
  await using two = await TransferCase.make({ env: { HTTP_PROXY: `socks5://me:${secret}@127.0.0.1:1` } });
  const failure = await failureOf(two.read(plain.origin));
  assert.equal(failure.code, "refused");
  assert.match(failure.message, /HTTP_PROXY must be http:\/\/HOST:PORT/);
  assertHides(failure, secret);
});
