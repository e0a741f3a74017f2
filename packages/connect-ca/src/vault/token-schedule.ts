import type { TokenLease } from "./token-calls.ts";

/** What is to be done about a token, and in how many milliseconds. */
export type TokenStep =
  | { readonly kind: "renew"; readonly afterMs: number }
  /** Get another token: this one ends, or cannot be renewed. */
  | { readonly kind: "login"; readonly afterMs: number }
  /** Nothing: it never expires, or it does and nothing can be done. */
  | { readonly kind: "rest" };

/** The waits between tries, with a cap that upstream's have not. */
const renewBackOff = { firstMs: 10_000, maxMs: 5 * 60_000 };
const loginBackOff = { firstMs: 1_000, maxMs: 5 * 60_000 };

/**
 * When a token is renewed and when it is replaced: the habits of Vault's own lifetime watcher, as a pure
 * table. A token is renewed at once, to learn what Vault grants, then each time two thirds of what is
 * left have passed. Once Vault extends it no further, because it nears its maximum, it is replaced
 * before the last tenth or two of its life. Times of day come in from outside.
 */
export class TokenSchedule {
  readonly #canLogin: boolean;
  readonly #random: () => number;
  #expiresAtMs = Number.POSITIVE_INFINITY;
  #longestMs = 0;
  #graceMs = 0;
  #failures = 0;
  #wasRenewed = false;

  /** @param random in [0, 1), for jitter */
  constructor(options: { readonly canLogin: boolean; readonly random: () => number }) {
    this.#canLogin = options.canLogin;
    this.#random = options.random;
  }

  /** Whether what was tried last failed, and is being waited with. */
  get isBackingOff(): boolean {
    return this.#failures > 0;
  }

  /** A token that is new to us. */
  started(lease: TokenLease, nowMs: number): TokenStep {
    this.#longestMs = 0;
    this.#failures = 0;
    this.#wasRenewed = false;
    this.#take(lease, nowMs);
    if (lease.renewable) return { kind: "renew", afterMs: 0 };
    if (!this.#canLogin || lease.ttlSeconds === Number.POSITIVE_INFINITY) return { kind: "rest" };
    return { kind: "login", afterMs: Math.max(0, this.#leftMs(nowMs) - this.#graceMs) };
  }

  /** Vault renewed it, for as long as `lease` says. */
  renewed(lease: TokenLease, nowMs: number): TokenStep {
    this.#failures = 0;
    this.#wasRenewed = true;
    this.#take(lease, nowMs);
    if (lease.ttlSeconds === Number.POSITIVE_INFINITY) return { kind: "rest" };
    const leftMs = this.#leftMs(nowMs);
    const sleepMs = (leftMs * 2) / 3 + this.#graceMs / 3;
    if (lease.renewable && leftMs - sleepMs > this.#graceMs) return { kind: "renew", afterMs: sleepMs };
    return this.#endOf(nowMs);
  }

  /** Renewing failed; `refused` if Vault will not do it for this token. */
  renewFailed(nowMs: number, refused: boolean): TokenStep {
    // A token that could be renewed before has been revoked. One that never could be is as good as any
    // other that a login would give: asking for another at once would go round in circles.
    if (refused && this.#canLogin)
      return this.#wasRenewed ? { kind: "login", afterMs: 0 } : this.#endOf(nowMs);
    const afterMs = this.#backOff(renewBackOff);
    const ends = this.#leftMs(nowMs) - afterMs <= this.#graceMs;
    return ends && this.#canLogin ? this.#endOf(nowMs) : { kind: "renew", afterMs };
  }

  /** Logging in failed. */
  loginFailed(): TokenStep {
    return { kind: "login", afterMs: this.#backOff(loginBackOff) };
  }

  // Vault extends it no further. Without a login all that is left is to go on asking.
  #endOf(nowMs: number): TokenStep {
    const untilGraceMs = Math.max(0, this.#leftMs(nowMs) - this.#graceMs);
    if (this.#canLogin) return { kind: "login", afterMs: untilGraceMs };
    return { kind: "renew", afterMs: Math.max(untilGraceMs, loginBackOff.firstMs) };
  }

  // While the lease still grows, so does the grace; after that it stays, so that it is reached.
  #take(lease: TokenLease, nowMs: number): void {
    const leaseMs = lease.ttlSeconds * 1000;
    this.#expiresAtMs = nowMs + leaseMs;
    if (leaseMs <= this.#longestMs) return;
    this.#longestMs = leaseMs;
    this.#graceMs = leaseMs * (0.1 + 0.1 * this.#random());
  }

  #leftMs(nowMs: number): number {
    return this.#expiresAtMs - nowMs;
  }

  #backOff({ firstMs, maxMs }: { firstMs: number; maxMs: number }): number {
    const waitMs = Math.min(firstMs * 2 ** this.#failures++, maxMs);
    return waitMs * (1 + 0.2 * this.#random());
  }
}
