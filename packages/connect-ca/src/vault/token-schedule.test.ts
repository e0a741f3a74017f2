import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TokenSchedule } from "./token-schedule.ts";

const hour = { renewable: true, ttlSeconds: 3600 };
const scheduleWith = (canLogin: boolean, random = 0): TokenSchedule =>
  new TokenSchedule({ canLogin, random: () => random });

test("a renewable token is renewed at once and then after two thirds of its life and some jitter", () => {
  const schedule = scheduleWith(false);
  assert.deepEqual(schedule.started(hour, 0), { kind: "renew", afterMs: 0 });
  // A tenth of an hour is the grace; a third of it is added.
  assert.deepEqual(schedule.renewed(hour, 0), { kind: "renew", afterMs: 2_400_000 + 120_000 });
  const jittered = scheduleWith(false, 0.5);
  jittered.started(hour, 0);
  assert.deepEqual(jittered.renewed(hour, 0), { kind: "renew", afterMs: 2_400_000 + 180_000 });
});

test("a token that never expires, or that cannot be renewed or replaced, is left alone", () => {
  const endless = Number.POSITIVE_INFINITY;
  assert.deepEqual(scheduleWith(true).started({ renewable: false, ttlSeconds: endless }, 0), {
    kind: "rest",
  });
  assert.deepEqual(scheduleWith(false).started({ renewable: false, ttlSeconds: 60 }, 0), { kind: "rest" });
  assert.deepEqual(scheduleWith(true).renewed({ renewable: true, ttlSeconds: endless }, 0), { kind: "rest" });
});

test("a token in its last second, for which Vault says 0, is replaced at once", () => {
  const ending = { renewable: true, ttlSeconds: 0 };
  const schedule = scheduleWith(true);
  schedule.started(hour, 0);
  assert.deepEqual(schedule.renewed(ending, 0), { kind: "login", afterMs: 0 });
  assert.deepEqual(scheduleWith(true).started({ ...ending, renewable: false }, 0), {
    kind: "login",
    afterMs: 0,
  });
});

test("a token that cannot be renewed is replaced before its last tenth", () => {
  const step = scheduleWith(true).started({ renewable: false, ttlSeconds: 100 }, 5);
  assert.deepEqual(step, { kind: "login", afterMs: 90_000 });
});

test("a token that nears its maximum is replaced when its grace begins", () => {
  const schedule = scheduleWith(true);
  schedule.started({ renewable: true, ttlSeconds: 100 }, 0);
  schedule.renewed({ renewable: true, ttlSeconds: 100 }, 0);
  // Vault grants only what is left of the maximum.
  assert.deepEqual(schedule.renewed({ renewable: true, ttlSeconds: 30 }, 70_000), {
    kind: "login",
    afterMs: 20_000,
  });
});

test("without a login a token at its maximum is asked for again and again, not in a tight loop", () => {
  const schedule = scheduleWith(false);
  schedule.started({ renewable: true, ttlSeconds: 100 }, 0);
  assert.deepEqual(schedule.renewed({ renewable: true, ttlSeconds: 1 }, 0), {
    kind: "renew",
    afterMs: 1_000,
  });
});

test("failed renewals back off to five minutes, and to a login when the token would run out meanwhile", () => {
  const schedule = scheduleWith(true);
  schedule.started(hour, 0);
  const waits: unknown[] = [];
  for (let nowMs = 0; ; ) {
    const step = schedule.renewFailed(nowMs, false);
    if (step.kind !== "renew") break;
    waits.push(step.afterMs / 1000);
    nowMs += step.afterMs;
  }
  assert.deepEqual(waits, [10, 20, 40, 80, 160, ...Array(9).fill(300)]);
});

test("a token that Vault refuses after it was renewed has been revoked, and is replaced at once", () => {
  const schedule = scheduleWith(true);
  schedule.started(hour, 0);
  schedule.renewed(hour, 0);
  assert.deepEqual(schedule.renewFailed(0, true), { kind: "login", afterMs: 0 });
  assert.deepEqual(scheduleWith(false).renewFailed(0, true), { kind: "renew", afterMs: 10_000 });
});

test("tokens that may never renew themselves are lived out, instead of logging in without end", () => {
  const schedule = scheduleWith(true);
  schedule.started(hour, 0);
  assert.deepEqual(schedule.renewFailed(0, true), { kind: "login", afterMs: 3_240_000 });
});

test("failed logins back off from one second to five minutes; a success begins anew", () => {
  const schedule = scheduleWith(true);
  const waits = Array.from({ length: 10 }, () => schedule.loginFailed());
  assert.deepEqual(
    waits.map((step) => step.kind === "login" && step.afterMs / 1000),
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 300],
  );
  schedule.started(hour, 0);
  assert.deepEqual(schedule.loginFailed(), { kind: "login", afterMs: 1_000 });
});

test("whatever Vault grants, a token is renewed or replaced before it runs out, and never in a tight loop", () => {
  const leases = fc.array(
    fc.record({ renewable: fc.boolean(), ttlSeconds: fc.integer({ min: 1, max: 1e6 }) }),
  );
  fc.assert(
    fc.property(leases, fc.double({ min: 0, max: 0.999, noNaN: true }), (granted, random) => {
      const schedule = scheduleWith(true, random);
      schedule.started(hour, 0);
      for (const lease of granted) {
        const step = schedule.renewed(lease, 0);
        assert.notEqual(step.kind, "rest");
        if (step.kind === "rest") return;
        assert.ok(step.afterMs < lease.ttlSeconds * 1000);
        if (step.kind === "renew") assert.ok(step.afterMs >= (lease.ttlSeconds * 1000) / 2);
      }
    }),
  );
});
