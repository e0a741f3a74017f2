/** When and how often a call that failed is made again. */
export interface RetryPolicy {
  /** Attempts after the first; 0 never retries. Default 2. */
  readonly maxRetries: number;
  /** The wait before the first retry; it doubles with each. Default 500. */
  readonly firstDelayMs: number;
  /** No wait is longer, not even where Vault's Retry-After asks for it. Default 5000. */
  readonly maxDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { maxRetries: 2, firstDelayMs: 500, maxDelayMs: 5_000 };

/** How an attempt ended, as far as retrying it goes. */
export type AttemptOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: "disconnected"; readonly maySent: boolean };

/**
 * The milliseconds to wait before the call is made again, or undefined if it must not be. `retries` have
 * been made so far; `random` is in [0, 1).
 *
 * Only calls that may be repeated without harm are repeated, except where Vault cannot have seen the
 * request at all. 412 (a replica that lags behind), 429 and every 5xx but 501 pass by themselves.
 */
export function retryDelayMs(
  outcome: AttemptOutcome,
  call: { readonly idempotent: boolean; readonly retries: number },
  policy: RetryPolicy,
  random: number,
): number | undefined {
  if (call.retries >= policy.maxRetries || !isWorthRetrying(outcome, call.idempotent)) return undefined;
  // Half of the wait is random, so that many clients do not come back at once.
  const backOffMs = Math.min(policy.firstDelayMs * 2 ** call.retries, policy.maxDelayMs) * (0.5 + random / 2);
  const askedMs = outcome.kind === "answered" ? (outcome.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.min(Math.max(backOffMs, askedMs), policy.maxDelayMs);
}

function isWorthRetrying(outcome: AttemptOutcome, idempotent: boolean): boolean {
  if (outcome.kind === "disconnected") return idempotent || !outcome.maySent;
  const { status } = outcome;
  return idempotent && (status === 412 || status === 429 || (status >= 500 && status !== 501));
}
