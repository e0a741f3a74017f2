import { DrawbarError } from "@drawbar/io";

/** Why a call to Vault failed. Stable: programs may compare it. */
export type VaultErrorCode =
  /** 403: the token's policies do not allow it, or the token is no longer valid. */
  | "vault-permission-denied"
  /** 404: nothing is mounted or stored there. */
  | "vault-not-found"
  /** 429: Vault asks to be asked less often. */
  | "vault-rate-limited"
  /** Another 4xx: Vault did not accept the request; `errors` says why. */
  | "vault-request-refused"
  /** 503 from a Vault that is sealed. */
  | "vault-sealed"
  /** No connection, a connection that was cut, or 502, 503, 504 from what stands in front of Vault. */
  | "vault-unavailable"
  /** Another 5xx: Vault failed; `errors` says how. */
  | "vault-server-error"
  /** The call took longer than its time limit. */
  | "vault-timeout"
  /** The caller's signal aborted the call. */
  | "vault-aborted"
  /** The TLS handshake failed: not trusted, another name, or no client certificate. */
  | "vault-tls"
  /** What answered does not speak Vault's API. */
  | "vault-response-invalid"
  /** The answer is larger than the client's limit. */
  | "vault-response-too-large"
  /** An option, a login's parameter, a path or a namespace given by the caller is impossible. */
  | "vault-option-invalid"
  /** Logging in did not work for a reason on our side: an unreadable file, no metadata service. */
  | "vault-login-invalid";

export interface VaultErrorOptions {
  readonly cause?: unknown;
  /** The HTTP status, where Vault answered. */
  readonly status?: number;
  /** Vault's own messages, redacted. */
  readonly errors?: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A call to Vault that failed. Neither message nor facts ever hold a token or a secret field. */
export class VaultError extends DrawbarError<VaultErrorCode> {
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** Vault's own messages; empty when none came. */
  readonly errors: readonly string[];

  constructor(code: VaultErrorCode, message: string, options: VaultErrorOptions = {}) {
    super(code, message, { cause: options.cause, facts: options.facts ?? {} });
    this.status = options.status;
    this.errors = options.errors ?? [];
  }
}

/** True for a VaultError with one of these codes. */
export function isVaultError(error: unknown, ...codes: VaultErrorCode[]): error is VaultError {
  return error instanceof VaultError && (codes.length === 0 || codes.includes(error.code));
}
