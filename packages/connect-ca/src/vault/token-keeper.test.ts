import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { ManualClock } from "@drawbar/io/testing";
import type { VaultAuth } from "./reply.ts";
import { type TokenEvent, TokenKeeper, type TokenKeeperOptions } from "./token-keeper.ts";
import { VaultClient } from "./vault-client.ts";
import { VaultError } from "./vault-error.ts";

interface Bench {
  readonly clock: ManualClock;
  readonly tokensSeen: unknown[];
  /** The next thing that happens to the token. */
  nextEvent(): Promise<TokenEvent>;
  keep(options: Partial<TokenKeeperOptions>): TokenKeeper;
}

const granted = (seconds: number) => (response: ServerResponse) =>
  void response.end(
    JSON.stringify({ auth: { client_token: "x", lease_duration: seconds, renewable: true } }),
  );
const refused = (response: ServerResponse): void =>
  void response.writeHead(403).end('{"errors":["permission denied"]}');

async function bench(
  t: { after(done: () => unknown): void },
  ...script: ((response: ServerResponse) => void)[]
): Promise<Bench> {
  const tokensSeen: unknown[] = [];
  const server = createServer((request, response) => {
    const turn = Math.min(tokensSeen.length, script.length - 1);
    tokensSeen.push(request.headers["x-vault-token"]);
    script[turn]?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = await VaultClient.create({ address, token: "first", retry: { maxRetries: 0 } });
  const clock = new ManualClock();
  const events: TokenEvent[] = [];
  const waiting: ((event: TokenEvent) => void)[] = [];
  const keepers: TokenKeeper[] = [];
  t.after(() => {
    for (const keeper of keepers) keeper[Symbol.dispose]();
    client[Symbol.dispose]();
    server.close();
    server.closeAllConnections();
  });
  return {
    clock,
    tokensSeen,
    nextEvent: () =>
      new Promise((resolve) => {
        const event = events.shift();
        if (event === undefined) waiting.push(resolve);
        else resolve(event);
      }),
    keep(options) {
      const keeper = new TokenKeeper({
        client,
        lease: { renewable: true, ttlSeconds: 90 },
        clock,
        random: () => 0,
        onEvent: (event) => {
          const resolve = waiting.shift();
          if (resolve === undefined) events.push(event);
          else resolve(event);
        },
        ...options,
      });
      keepers.push(keeper);
      return keeper;
    },
  };
}

const authOf = (clientToken: string): VaultAuth => ({
  clientToken,
  accessor: "",
  policies: [],
  renewable: true,
  leaseSeconds: 90,
});

test("a token is renewed at once and again when two thirds of it have passed", async (t) => {
  const { clock, keep, nextEvent, tokensSeen } = await bench(t, granted(90));
  keep({});
  clock.advance(0);
  assert.deepEqual(await nextEvent(), { kind: "renewed", ttlSeconds: 90 });
  await Promise.resolve();
  clock.advance(62_999);
  assert.equal(tokensSeen.length, 1);
  clock.advance(1);
  assert.deepEqual(await nextEvent(), { kind: "renewed", ttlSeconds: 90 });
  assert.deepEqual(tokensSeen, ["first", "first"]);
});

test("a revoked token is replaced by a login, and the client goes on with the new one", async (t) => {
  const { clock, keep, nextEvent, tokensSeen } = await bench(t, granted(90), refused, granted(90));
  keep({ login: async () => authOf("second") });
  clock.advance(0);
  await nextEvent();
  await Promise.resolve();
  clock.advance(63_000);
  const failed = await nextEvent();
  assert.equal(failed.kind, "renew-failed");
  await Promise.resolve();
  clock.advance(0);
  assert.deepEqual(await nextEvent(), { kind: "logged-in", ttlSeconds: 90 });
  await Promise.resolve();
  clock.advance(0);
  await nextEvent();
  assert.deepEqual(tokensSeen, ["first", "first", "second"]);
});

test("a failed login is tried again after a wait", async (t) => {
  const { clock, keep, nextEvent } = await bench(t, granted(90));
  const answers = [
    () => Promise.reject(new VaultError("vault-unavailable", "no connection")),
    async () => authOf("second"),
  ];
  keep({ lease: { renewable: false, ttlSeconds: 10 }, login: () => (answers.shift() ?? assert.fail)() });
  clock.advance(9_000);
  const failed = await nextEvent();
  assert.ok(failed.kind === "login-failed");
  assert.deepEqual(failed.next, { kind: "login", afterMs: 1_000 });
  await Promise.resolve();
  clock.advance(1_000);
  assert.equal((await nextEvent()).kind, "logged-in");
});

test("a disposed keeper renews no more and drops what is under way", async (t) => {
  const { clock, keep } = await bench(t, () => {});
  const keeper = keep({});
  keeper[Symbol.dispose]();
  assert.equal(clock.pendingCount, 0);
  let aborted = false;
  const inLogin = keep({
    lease: { renewable: false, ttlSeconds: 10 },
    login: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason);
        });
      }),
  });
  clock.advance(9_000);
  inLogin[Symbol.dispose]();
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(aborted);
  assert.equal(clock.pendingCount, 0);
});

test("a token that Vault refuses and does not know any more is replaced at once", async (t) => {
  const { clock, tokensSeen, nextEvent, keep } = await bench(t, refused, granted(90));
  const keeper = keep({
    lease: { renewable: false, ttlSeconds: 3_600 },
    login: async () => authOf("second"),
  });
  keeper.suspect();
  assert.equal((await nextEvent()).kind, "lost");
  assert.equal((await nextEvent()).kind, "logged-in");
  await Promise.resolve();
  clock.advance(0);
  assert.equal((await nextEvent()).kind, "renewed");
  assert.deepEqual(tokensSeen, ["first", "second"]);
});

test("a token that Vault still knows stays, and is renewed when it is due; suspicion has its limits", async (t) => {
  const known = (response: ServerResponse): void =>
    void response.end('{"data":{"ttl":3600,"renewable":false,"creation_ttl":3600}}');
  const { clock, tokensSeen, nextEvent, keep } = await bench(t, known);
  let logins = 0;
  const keeper = keep({
    lease: { renewable: false, ttlSeconds: 100 },
    login: async () => authOf(`login-${++logins}`),
  });
  keeper.suspect();
  keeper.suspect();
  assert.equal(clock.pendingCount, 0);
  while (clock.pendingCount === 0) await new Promise((resolve) => setImmediate(resolve));
  keeper.suspect();
  assert.deepEqual([tokensSeen, logins], [["first"], 0]);
  clock.advance(90_000);
  assert.equal((await nextEvent()).kind, "logged-in");
  assert.equal(logins, 1);
});
