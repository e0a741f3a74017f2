import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { ManualClock } from "@drawbar/io/testing";
import { VaultClient, type VaultClientOptions } from "./vault-client.ts";
import { VaultError } from "./vault-error.ts";

const token = "s.very-secret-token";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A loopback server that answers with `script`'s entries in turn, the last one for ever. */
async function scripted(
  t: { after(done: () => unknown): void },
  ...script: ((response: ServerResponse, request: IncomingMessage) => void)[]
): Promise<{ address: string; seen: Seen[]; server: Server }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const turn = Math.min(seen.length, script.length - 1);
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
    script[turn]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

const answer =
  (status: number, body: unknown = "", headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };

async function clientOf(
  t: { after(done: () => unknown): void },
  address: string,
  options: Partial<VaultClientOptions> = {},
): Promise<VaultClient> {
  const retry = { maxRetries: 2, firstDelayMs: 1, maxDelayMs: 2 };
  const client = await VaultClient.create({ address, token, retry, ...options });
  t.after(() => client[Symbol.dispose]());
  return client;
}

/** The error of a call that must fail, after a look at every way it could show the token. */
async function failureOf(call: Promise<unknown>): Promise<VaultError> {
  const error: unknown = await call.then(
    () => assert.fail("the call should have failed"),
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof VaultError, inspect(error));
  const everything = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack;
  assert.ok(!everything.includes(token), "the error shows the token");
  return error;
}

test("a read carries token, namespace and the request header, and gives data", async (t) => {
  const { address, seen } = await scripted(t, answer(200, { data: { a: 1 }, warnings: ["w", 7] }));
  const client = await clientOf(t, address, { namespace: "/team/" });
  const secret = await client.read("secret//thing/");
  assert.deepEqual(secret?.data, { a: 1 });
  assert.deepEqual(secret?.warnings, ["w"]);
  assert.equal(seen[0]?.url, "/v1/secret/thing");
  assert.equal(seen[0]?.headers["x-vault-token"], token);
  assert.equal(seen[0]?.headers["x-vault-namespace"], "team");
  assert.equal(seen[0]?.headers["x-vault-request"], "true");
});

test("views of namespaces are absolute or relative and share the token", async (t) => {
  const { address, seen } = await scripted(t, answer(204));
  const client = await clientOf(t, address, { namespace: "a" });
  client.setToken("another-token");
  await client.withNamespace("b/c").read("x");
  await client.withChildNamespace("d").read("x");
  await client.withNamespace("").read("x");
  assert.deepEqual(
    seen.map(({ headers }) => headers["x-vault-namespace"]),
    ["b/c", "a/d", undefined],
  );
  assert.ok(seen.every(({ headers }) => headers["x-vault-token"] === "another-token"));
});

test("nothing there is null, a write is a PUT with JSON, a list is a GET with list=true", async (t) => {
  const { address, seen } = await scripted(
    t,
    answer(404, { errors: [] }),
    answer(204),
    answer(200, { data: { keys: ["a", "b"] } }),
    answer(404, { errors: [] }),
  );
  const client = await clientOf(t, address);
  assert.equal(await client.read("a"), null);
  assert.equal(await client.write("b", { x: [1] }), null);
  assert.deepEqual(await client.list("c"), ["a", "b"]);
  assert.deepEqual(await client.list("d"), []);
  assert.deepEqual(
    seen.map(({ method, url, body }) => [method, url, body]),
    [
      ["GET", "/v1/a", ""],
      ["PUT", "/v1/b", '{"x":[1]}'],
      ["GET", "/v1/c?list=true", ""],
      ["GET", "/v1/d?list=true", ""],
    ],
  );
});

test("a refusal carries status, Vault's own words and the path, with secrets taken out", async (t) => {
  const errors = [`permission denied for ${token}`, "password hunter22 is weak"];
  const { address } = await scripted(t, answer(403, { errors }));
  const client = await clientOf(t, address, { namespace: "team" });
  const error = await failureOf(client.write("auth/userpass/login/me", { password: "hunter22" }));
  assert.equal(error.code, "vault-permission-denied");
  assert.equal(error.status, 403);
  assert.deepEqual(error.errors, ["permission denied for [redacted]", "password [redacted] is weak"]);
  assert.equal(
    error.message,
    "Vault answered 403 to PUT auth/userpass/login/me and says: permission denied for [redacted]; password [redacted] is weak (check that the token is valid and that its policies allow this path in namespace team)",
  );
  assert.equal(error.facts["attempts"], 1);
});

test("each status has its code", async (t) => {
  const cases: [number, string[], string][] = [
    [400, ["bad"], "vault-request-refused"],
    [404, [], "vault-not-found"],
    [429, [], "vault-rate-limited"],
    [500, ["internal"], "vault-server-error"],
    [502, [], "vault-unavailable"],
    [503, ["Vault is sealed"], "vault-sealed"],
    [503, [], "vault-unavailable"],
  ];
  for (const [status, errors, code] of cases) {
    const { address } = await scripted(t, answer(status, { errors }));
    const client = await clientOf(t, address);
    assert.equal((await failureOf(client.write("x", {}))).code, code);
  }
});

test("an idempotent call is made again after 429, 503 and 412, and says how often it was", async (t) => {
  const { address, seen } = await scripted(t, answer(429), answer(503), answer(200, { data: { ok: true } }));
  const client = await clientOf(t, address);
  assert.deepEqual((await client.read("x"))?.data, { ok: true });
  assert.equal(seen.length, 3);
  const sealed = await scripted(t, answer(503, { errors: ["Vault is sealed"] }));
  const error = await failureOf((await clientOf(t, sealed.address)).read("x"));
  assert.equal(error.facts["attempts"], 3);
});

test("a call that must not be repeated is made once", async (t) => {
  const { address, seen } = await scripted(t, answer(503));
  const client = await clientOf(t, address);
  await failureOf(client.write("pki/sign/leaf", {}));
  assert.equal(seen.length, 1);
});

test("a connection cut after the request: a read is repeated, a signature is not", async (t) => {
  const cut = (response: ServerResponse): void => void response.socket?.destroy();
  const { address, seen } = await scripted(t, cut, answer(200, { data: {} }), cut);
  const client = await clientOf(t, address);
  await client.read("x");
  const error = await failureOf(client.write("pki/sign/leaf", {}));
  assert.equal(error.code, "vault-unavailable");
  assert.equal(error.facts["maySent"], true);
  assert.match(error.message, /^the connection was lost during PUT pki\/sign\/leaf at http:/);
  assert.equal(seen.length, 3);
});

test("a connection cut within the answer is an error too", async (t) => {
  const { address } = await scripted(t, (response) => {
    response.writeHead(200, { "content-length": "100" }).write('{"data":');
    setImmediate(() => response.socket?.destroy());
  });
  const error = await failureOf((await clientOf(t, address)).write("x", {}));
  assert.equal(error.code, "vault-unavailable");
});

test("where nobody listens even a signature is tried again, and the error says that nothing was sent", async (t) => {
  const { address, server } = await scripted(t, answer(204));
  await new Promise((resolve) => server.close(resolve));
  const error = await failureOf((await clientOf(t, address)).write("pki/sign/leaf", {}));
  assert.equal(error.code, "vault-unavailable");
  assert.equal(error.facts["maySent"], false);
  assert.equal(error.facts["attempts"], 3);
  assert.match(error.message, /^no connection for PUT pki\/sign\/leaf at .*ECONNREFUSED/);
});

test("garbage instead of JSON is refused without being shown", async (t) => {
  for (const body of [
    `<html>${token}`,
    "[1]",
    '"text"',
    '{"data":5}',
    `{"auth":{"client_token":7,"x":"${token}"}}`,
  ]) {
    const { address } = await scripted(t, answer(200, body));
    const error = await failureOf((await clientOf(t, address)).read("x"));
    assert.equal(error.code, "vault-response-invalid");
    assert.match(error.message, /^Vault answered GET x with .*; is this address a Vault\?$/);
  }
});

test("an endless body is cut off at the limit, announced or not", async (t) => {
  const flood = (response: ServerResponse): void => {
    const more = (): void => {
      while (response.write("x".repeat(16_384)));
      response.once("drain", more);
    };
    more();
  };
  const announced = answer(200, "{}".padEnd(2_000), { "content-length": "2000" });
  for (const script of [flood, announced]) {
    const { address } = await scripted(t, script);
    const error = await failureOf((await clientOf(t, address, { maxResponseBytes: 1_000 })).read("x"));
    assert.equal(error.code, "vault-response-too-large");
    assert.match(error.message, /larger than 1000 bytes$/);
  }
});

test("a slow Vault is given up on at the time limit", async (t) => {
  const clock = new ManualClock();
  const { address } = await scripted(t, (response) => {
    response.writeHead(200).write("{");
    clock.advance(30_000);
  });
  const error = await failureOf((await clientOf(t, address, { clock, timeoutMs: 30_000 })).read("x"));
  assert.equal(error.code, "vault-timeout");
  assert.equal(clock.pendingCount, 0);
  assert.match(error.message, /within 30000 ms$/);
});

test("the caller's signal ends a call, at once if it has aborted already", async (t) => {
  const controller = new AbortController();
  const { address } = await scripted(t, () => controller.abort(new Error("enough")));
  const client = await clientOf(t, address);
  for (let round = 0; round < 2; round++) {
    const error = await failureOf(client.read("x", { signal: controller.signal }));
    assert.equal(error.code, "vault-aborted");
    assert.equal((error.cause as Error).message, "enough");
  }
});

test("a wait between two tries ends with the signal", async (t) => {
  const controller = new AbortController();
  const clock = new ManualClock();
  const { address, seen } = await scripted(t, (response) => {
    response.writeHead(503).end(() => setImmediate(() => setImmediate(() => controller.abort())));
  });
  const client = await clientOf(t, address, { clock, retry: { firstDelayMs: 1_000 } });
  const error = await failureOf(client.read("x", { signal: controller.signal }));
  assert.equal(error.code, "vault-aborted");
  assert.equal(seen.length, 1);
  assert.equal(clock.pendingCount, 0);
});

test("what does not speak HTTP is named as such", async (t) => {
  const server = createTcpServer((socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await failureOf((await clientOf(t, address)).read("x"));
  assert.equal(error.code, "vault-response-invalid");
  assert.match(error.message, /does not speak HTTP/);
});

test("a standby's redirect is followed once, token and body with it", async (t) => {
  const active = await scripted(t, answer(200, { data: { active: true } }));
  const standby = await scripted(t, (response, request) => {
    response.writeHead(307, { location: `${active.address}${request.url}` }).end();
  });
  const client = await clientOf(t, standby.address);
  assert.deepEqual((await client.write("x/y", { a: 1 }))?.data, { active: true });
  assert.equal(active.seen[0]?.headers["x-vault-token"], token);
  assert.equal(active.seen[0]?.body, '{"a":1}');
  const loop = await scripted(t, answer(307, "", { location: standby.address }));
  assert.equal((await failureOf((await clientOf(t, loop.address)).read("x"))).status, 307);
});

test("a Vault on a unix socket is reached", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "vault-socket-"));
  const socketPath = join(folder, "vault.sock");
  const server = createServer((_, response) => void response.end('{"data":{"unix":true}}'));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });
  const client = await clientOf(t, `unix://${socketPath}`);
  assert.deepEqual((await client.read("x"))?.data, { unix: true });
});

test("impossible options are refused before anything is sent", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "vault-tls-"));
  t.after(() => rm(folder, { recursive: true }));
  const empty = join(folder, "empty.pem");
  await writeFile(empty, "");
  const address = "https://127.0.0.1:1";
  const cases: [Partial<VaultClientOptions>, RegExp][] = [
    [{ tls: { certFile: empty } }, /^both client cert and client key must be provided$/],
    [{ tls: { caFile: join(folder, "absent.pem") } }, /^CAFile .*absent\.pem cannot be read: ENOENT/],
    [{ tls: { caFile: empty } }, /holds no PEM$/],
    [{ tls: { caPath: join(folder, "absent") } }, /^CAPath .*absent cannot be read: ENOENT/],
    [{ token: `${token}\r\nX-Evil: 1` }, /^the Vault token has characters that no token has$/],
  ];
  for (const [options, message] of cases) {
    const error = await failureOf(VaultClient.create({ address, ...options }));
    assert.equal(error.code, "vault-option-invalid");
    assert.match(error.message, message);
  }
});

test("a client shows neither its token nor its TLS key when it is printed", async (t) => {
  const client = await clientOf(t, "http://127.0.0.1:1");
  assert.ok(!inspect(client, { depth: 20, showHidden: true }).includes(token));
  assert.ok(!JSON.stringify(client).includes(token));
});
