import { type Clock, systemClock, type Timer } from "@drawbar/io";
import type { VaultAuth } from "./reply.ts";
import { leaseOfLogin, renewToken, type TokenLease } from "./token-calls.ts";
import { TokenSchedule, type TokenStep } from "./token-schedule.ts";
import type { VaultClient } from "./vault-client.ts";
import { isVaultError } from "./vault-error.ts";

/** What happens to the token, for logs; never the token itself. */
export type TokenEvent =
  | { readonly kind: "renewed"; readonly ttlSeconds: number }
  | { readonly kind: "renew-failed"; readonly error: unknown; readonly next: TokenStep }
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

/** Keeps a client's token alive from its construction until it is disposed. */
export class TokenKeeper implements Disposable {
  readonly #options: TokenKeeperOptions;
  readonly #clock: Clock;
  readonly #schedule: TokenSchedule;
  readonly #stopped = new AbortController();
  #lease: TokenLease;
  #timer: Timer | undefined;

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

  #plan(step: TokenStep): void {
    if (this.#stopped.signal.aborted || step.kind === "rest") return;
    const carryOut = step.kind === "renew" ? () => this.#renew() : () => this.#login();
    this.#timer = this.#clock.setTimer(step.afterMs, () => void carryOut());
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
