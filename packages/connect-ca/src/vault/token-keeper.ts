import { type Clock, systemClock, type Timer } from "@drawbar/io";
import type { VaultAuth } from "./reply.ts";
import { leaseOfLogin, lookUpToken, renewToken, type TokenLease } from "./token-calls.ts";
import { TokenSchedule, type TokenStep } from "./token-schedule.ts";
import type { VaultClient } from "./vault-client.ts";
import { isVaultError } from "./vault-error.ts";

/** What happens to the token, for logs; never the token itself. */
export type TokenEvent =
  | { readonly kind: "renewed"; readonly ttlSeconds: number }
  | { readonly kind: "renew-failed"; readonly error: unknown; readonly next: TokenStep }
  /** Vault does not take it any more: another is asked for at once. */
  | { readonly kind: "lost"; readonly error: unknown }
  | { readonly kind: "logged-in"; readonly ttlSeconds: number }
  | { readonly kind: "login-failed"; readonly error: unknown; readonly next: TokenStep };

export interface TokenKeeperOptions {
  readonly client: VaultClient;
  /** What is known of the client's token. */
  readonly lease: TokenLease;
  /** Gets another token; without it the token can only be renewed. */
  readonly login?: ((signal: AbortSignal) => Promise<VaultAuth>) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly onEvent?: ((event: TokenEvent) => void) | undefined;
}

// Between two looks at whether Vault still knows the token.
const suspicionIntervalMs = 60_000;

/** Keeps a client's token alive from its construction until it is disposed. */
export class TokenKeeper implements Disposable {
  readonly #options: TokenKeeperOptions;
  readonly #clock: Clock;
  readonly #schedule: TokenSchedule;
  readonly #stopped = new AbortController();
  #lease: TokenLease;
  /** What is done next, and when; undefined while something is being done. */
  #planned: { readonly step: TokenStep; readonly atMs: number } | undefined;
  #timer: Timer | undefined;
  #nextSuspicionMs = Number.NEGATIVE_INFINITY;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#lease = options.lease;
    this.#schedule = new TokenSchedule({
      canLogin: options.login !== undefined,
      random: options.random ?? Math.random,
    });
    this.#plan(this.#schedule.started(options.lease, this.#clock.now()));
  }

  /** Stops for good; a call under way is aborted. The token stays as it is. */
  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#stopped.abort();
  }

  /**
   * Vault refused a call. If it does not know the token any more either, another is asked for at once and not
   * when the next renewal is due, which may be weeks off. Looked into once a minute at most, and not without
   * a login, nor while one is waited for.
   */
  suspect(): void {
    const planned = this.#planned;
    const now = this.#clock.now();
    if (this.#options.login === undefined || planned === undefined || this.#schedule.isBackingOff) return;
    if (now < this.#nextSuspicionMs) return;
    this.#nextSuspicionMs = now + suspicionIntervalMs;
    this.#timer?.cancel();
    this.#planned = undefined;
    void this.#lookUp(planned);
  }

  #plan(step: TokenStep, atMs: number = this.#clock.now() + afterMsOf(step)): void {
    if (this.#stopped.signal.aborted) return;
    this.#planned = { step, atMs };
    if (step.kind === "rest") return;
    this.#timer = this.#clock.setTimer(Math.max(0, atMs - this.#clock.now()), () => {
      this.#planned = undefined;
      void (step.kind === "renew" ? this.#renew() : this.#login());
    });
  }

  /** Goes on as planned unless Vault refuses the token. */
  async #lookUp({ step, atMs }: { readonly step: TokenStep; readonly atMs: number }): Promise<void> {
    const { client, onEvent } = this.#options;
    const { signal } = this.#stopped;
    try {
      await lookUpToken(client, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (isVaultError(error, "vault-permission-denied")) {
        onEvent?.({ kind: "lost", error });
        return await this.#login();
      }
    }
    this.#plan(step, atMs);
  }

  async #renew(): Promise<void> {
    const { client, onEvent } = this.#options;
    const { signal } = this.#stopped;
    try {
      this.#lease = await renewToken(client, this.#lease.ttlSeconds, { signal });
      if (signal.aborted) return;
      onEvent?.({ kind: "renewed", ttlSeconds: this.#lease.ttlSeconds });
      this.#plan(this.#schedule.renewed(this.#lease, this.#clock.now()));
    } catch (error) {
      if (signal.aborted) return;
      const refused = isVaultError(error, "vault-permission-denied", "vault-request-refused");
      const next = this.#schedule.renewFailed(this.#clock.now(), refused);
      onEvent?.({ kind: "renew-failed", error, next });
      this.#plan(next);
    }
  }

  async #login(): Promise<void> {
    const { client, login, onEvent } = this.#options;
    const { signal } = this.#stopped;
    if (login === undefined) return;
    try {
      const auth = await login(signal);
      if (signal.aborted) return;
      client.setToken(auth.clientToken);
      this.#lease = leaseOfLogin(auth);
      onEvent?.({ kind: "logged-in", ttlSeconds: this.#lease.ttlSeconds });
      this.#plan(this.#schedule.started(this.#lease, this.#clock.now()));
    } catch (error) {
      if (signal.aborted) return;
      const next = this.#schedule.loginFailed();
      onEvent?.({ kind: "login-failed", error, next });
      this.#plan(next);
    }
  }
}

function afterMsOf(step: TokenStep): number {
  return step.kind === "rest" ? Number.POSITIVE_INFINITY : step.afterMs;
}
