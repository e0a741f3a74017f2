import assert from "node:assert/strict";
import { test } from "node:test";
import { type AttemptOutcome, defaultRetryPolicy, retryDelayMs } from "./retry-policy.ts";

const answered = (status: number, retryAfterSeconds?: number): AttemptOutcome => ({
  kind: "answered",
  status,
  retryAfterSeconds,
});
const idempotent = { idempotent: true, retries: 0 };

test("412, 429 and 5xx but 501 are retried, other statuses are not", () => {
  const delay = (status: number): number | undefined =>
    retryDelayMs(answered(status), idempotent, defaultRetryPolicy, 0.5);
  for (const status of [412, 429, 500, 502, 503, 504]) assert.equal(delay(status), 375, String(status));
  for (const status of [400, 403, 404, 405, 501]) assert.equal(delay(status), undefined, String(status));
});

test("a call that is not idempotent is repeated only if Vault cannot have seen it", () => {
  const call = { idempotent: false, retries: 0 };
  const delay = (outcome: AttemptOutcome): number | undefined =>
    retryDelayMs(outcome, call, defaultRetryPolicy, 0);
  assert.equal(delay(answered(503)), undefined);
  assert.equal(delay({ kind: "disconnected", maySent: true }), undefined);
  assert.equal(delay({ kind: "disconnected", maySent: false }), 250);
});

test("waits double, half of them is random, and neither they nor Retry-After pass the cap", () => {
  const policy = { maxRetries: 10, firstDelayMs: 500, maxDelayMs: 5_000 };
  const delay = (retries: number, random: number, after?: number): number | undefined =>
    retryDelayMs(answered(503, after), { idempotent: true, retries }, policy, random);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 9].map((retries) => delay(retries, 0)),
    [250, 500, 1000, 2000, 2500, 2500],
  );
  assert.equal(delay(0, 0.999, 2), 2_000);
  assert.equal(delay(0, 0, 3600), 5_000);
  assert.equal(delay(10, 0), undefined);
});
