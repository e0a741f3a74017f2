import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { inspect } from "node:util";
import { ManualClock } from "@drawbar/io/testing";
import { createCertificateRequestSync, createCertificateSync, generateKeySync } from "@drawbar/x509";
import type { ProviderConfig } from "../../provider/ca-provider.ts";
import { silentLog } from "../../provider/provider-log.ts";
import { VaultProvider } from "./vault-provider.ts";
import type { VaultProviderOptions } from "./vault-session.ts";

const token = "s.very-secret-token";
const { privateKey } = generateKeySync({ type: "ec", curve: "P-256" });
const csr = createCertificateRequestSync({ key: privateKey });
const otherKey = generateKeySync({ type: "ec", curve: "P-256" }).privateKey;
const otherLeaf = createCertificateSync({
  publicKey: otherKey,
  issuer: { key: otherKey },
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2046-01-01T00:00:00Z"),
}).toPem();
const leafOf = (certificate: string): object => ({ data: { certificate, issuing_ca: "CA" } });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly namespace: unknown;
  readonly token: unknown;
  readonly body: unknown;
}
type Answer = (response: ServerResponse) => void;

const answers: Record<string, Answer> = {
  "GET /v1/auth/token/lookup-self": (response) => void response.end('{"data":{"renewable":false,"ttl":0}}'),
  "GET /v1/int/ca/pem": (response) => void response.writeHead(204).end(),
};

/** A provider configured against a server that answers 204 where `own` and `answers` say nothing. */
async function configured(
  t: { after(done: () => unknown): void },
  own: Record<string, Answer> = {},
  changes: Record<string, unknown> = {},
  options: VaultProviderOptions = {},
): Promise<{ provider: VaultProvider; calls: Call[]; config: ProviderConfig }> {
  const calls: Call[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { method = "", url = "" } = request;
    const { "x-vault-namespace": namespace, "x-vault-token": of } = request.headers;
    calls.push({ method, path: url, namespace, token: of, body: body === "" ? undefined : JSON.parse(body) });
    const answer = own[`${method} ${url}`] ?? answers[`${method} ${url}`];
    if (answer === undefined) response.writeHead(204).end();
    else answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const provider = new VaultProvider(options);
  t.after(async () => {
    await provider.stop();
    server.close();
    server.closeAllConnections();
  });
  const Address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config: ProviderConfig = {
    clusterId: "11111111-2222-3333-4444-555555555555",
    datacenter: "dc1",
    isPrimary: true,
    state: {},
    config: { Address, Token: token, RootPKIPath: "root", IntermediatePKIPath: "int", ...changes },
  };
  await provider.configure(config);
  return { provider, calls, config };
}

test("TestVaultCAProvider_Configure: looks the token up, prepares the mount, writes the role, asks for tidying; in this order", async (t) => {
  const absent: Answer = (response) => void response.writeHead(404).end('{"errors":[]}');
  const { calls } = await configured(t, { "GET /v1/int/ca/pem": absent });
  assert.deepEqual(
    calls.map(({ method, path, body }) => [method, path, body]),
    [
      ["GET", "/v1/auth/token/lookup-self", undefined],
      ["GET", "/v1/int/ca/pem", undefined],
      [
        "POST",
        "/v1/sys/mounts/int",
        {
          type: "pki",
          description: "intermediate CA backend for Consul Connect",
          config: { max_lease_ttl: "8760h0m0s" },
        },
      ],
      [
        "PUT",
        "/v1/int/roles/leaf-cert",
        {
          allow_any_name: true,
          allowed_uri_sans: "spiffe://*",
          key_type: "any",
          max_ttl: "72h0m0s",
          no_store: true,
          require_cn: false,
        },
      ],
      ["PUT", "/v1/int/config/auto-tidy", { enabled: true, tidy_expired_issuers: true }],
    ],
  );
});

for (const [common, roots, ints] of ["", "base"].flatMap((common) =>
  ["", "roots"].flatMap((roots) => ["", "ints"].map((ints) => [common, roots, ints] as const)),
)) {
  test(`TestVaultCAProvider_EnterpriseNamespace: "${common}", root's "${roots}", intermediate's "${ints}": each call goes to its own`, async (t) => {
    const pem: Answer = (response) => void response.end(otherLeaf);
    const { provider, calls } = await configured(
      t,
      { "GET /v1/root/ca/pem": pem, "GET /v1/root/ca_chain": pem },
      { Namespace: common, RootPKINamespace: roots, IntermediatePKINamespace: ints },
    );
    await provider.generateCaChain();
    for (const { path, namespace = "" } of calls) {
      const own = path.includes("/int") ? ints : path.includes("/root") ? roots : "";
      assert.equal(namespace, own || common, path);
    }
  });
}

const renewable: Answer = (response) =>
  void response.end('{"data":{"renewable":true,"ttl":90,"creation_ttl":90}}');
const renewed: Answer = (response) =>
  void response.end('{"auth":{"client_token":"x","renewable":true,"lease_duration":90}}');

test("TestVaultCAProvider_ConfigureFailureGoroutineLeakCheck: a configuration that fails renews no token", async (t) => {
  const clock = new ManualClock();
  const refused: Answer = (response) => void response.writeHead(403).end('{"errors":["permission denied"]}');
  const own = { "GET /v1/auth/token/lookup-self": renewable, "PUT /v1/int/roles/leaf-cert": refused };
  await assert.rejects(configured(t, own, {}, { clock }), { code: "ca-permission-denied" });
  assert.equal(clock.pendingCount, 0);
});

test("TestVaultCAProvider_RenewTokenStopWatcherOnConfigure: configured again, only the new token is renewed; stopped, none", async (t) => {
  const clock = new ManualClock();
  const own = { "GET /v1/auth/token/lookup-self": renewable, "PUT /v1/auth/token/renew-self": renewed };
  let renewals = 0;
  let another = (): void => {};
  const debug = (message: string): void => {
    if (message !== "renewed the Vault token") return;
    renewals += 1;
    // The next renewal is planned once this is logged.
    setImmediate(another);
  };
  const { provider, calls, config } = await configured(t, own, {}, { clock, log: { ...silentLog, debug } });
  const renewedAfter = async (ms: number): Promise<void> => {
    const renewal = new Promise<void>((resolve) => {
      another = resolve;
    });
    clock.advance(ms);
    await renewal;
  };
  await renewedAfter(0);
  await provider.configure({ ...config, config: { ...config.config, Token: "s.the-next-token" } });
  await renewedAfter(0);
  await renewedAfter(80_000);
  const seen = calls.filter(({ path }) => path.endsWith("/renew-self"));
  assert.deepEqual(
    seen.map(({ token: of }) => of),
    [token, "s.the-next-token", "s.the-next-token"],
  );
  assert.equal(renewals, 3);
  await provider.stop();
  assert.equal(clock.pendingCount, 0);
});

test("a provider that cannot tune or tidy is configured all the same", async (t) => {
  const refused: Answer = (response) => void response.writeHead(403).end('{"errors":["permission denied"]}');
  const { calls } = await configured(t, {
    "GET /v1/int/ca/pem": (response) =>
      void response.end("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----"),
    "POST /v1/sys/mounts/int/tune": refused,
    "PUT /v1/int/config/auto-tidy": refused,
  });
  assert.ok(calls.some(({ path }) => path === "/v1/sys/mounts/int/tune"));
});

test("a failed reconfiguration leaves the provider as it was", async (t) => {
  const { provider, calls } = await configured(t);
  const broken = {
    clusterId: "other",
    datacenter: "dc1",
    isPrimary: true,
    state: {},
    config: { Address: "http://127.0.0.1:1", Token: token, RootPKIPath: "r", IntermediatePKIPath: "i" },
  };
  await assert.rejects(provider.configure(broken), { code: "ca-unavailable" });
  assert.equal(await provider.activeLeafSigningCert(), "");
  assert.equal(calls.at(-1)?.path, "/v1/int/ca/pem");
});

test("signing: each failure of Vault has its code, is made once, and shows no token", async (t) => {
  const path = "PUT /v1/int/sign/leaf-cert";
  const say =
    (status: number, body: unknown): Answer =>
    (response) =>
      void response.writeHead(status).end(JSON.stringify(body));
  const cases: [Answer, string, RegExp][] = [
    [
      say(429, {}),
      "ca-rate-limited",
      /^operation rate limited by CA provider: Vault answered 429 to .*raise the quota/,
    ],
    [say(503, { errors: ["Vault is sealed"] }), "ca-unavailable", /^error issuing cert: .*Vault is sealed/],
    [say(403, { errors: [`no ${token}`] }), "ca-permission-denied", /^error issuing cert: .*no \[redacted\]/],
    [say(400, { errors: ["ttl"] }), "ca-backend-failed", /^error issuing cert: .*says: ttl$/],
    [say(404, {}), "ca-backend-not-mounted", /^error issuing cert: .*check that something is mounted there/],
    [
      say(200, leafOf("junk")),
      "ca-backend-failed",
      /^error issuing cert: what Vault gave is no certificate$/,
    ],
    [say(200, leafOf(otherLeaf)), "ca-backend-failed", /^error issuing cert: .*is for another key$/],
    [say(200, { data: {} }), "ca-backend-failed", /^error issuing cert: .*no text in data\.certificate/],
    [(response) => void response.end(`<${token}`), "ca-backend-failed", /not JSON/],
    [(response) => void response.socket?.destroy(), "ca-unavailable", /the connection was lost during/],
  ];
  for (const [answer, code, message] of cases) {
    const { provider, calls } = await configured(t, { [path]: answer });
    const error: unknown = await provider.sign(csr).catch((failure: unknown) => failure);
    assert.equal((error as { code: string }).code, code);
    assert.match((error as Error).message, message);
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(token));
    assert.equal(calls.filter((call) => `${call.method} ${call.path}` === path).length, 1);
  }
});

test("an aborted call is told apart from a failure", async (t) => {
  const controller = new AbortController();
  const { provider } = await configured(t, { "PUT /v1/int/sign/leaf-cert": () => controller.abort() });
  await assert.rejects(provider.sign(csr, { signal: controller.signal }), { code: "ca-aborted" });
});
