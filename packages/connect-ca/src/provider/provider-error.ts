import { DrawbarError } from "@drawbar/io";

/** Why a provider could not do what it was asked. Stable, and the same across a plugin's wire. */
export type ProviderErrorCode =
  /** It has not been configured, or what it had is gone. */
  | "ca-not-initialized"
  /** Only the primary can do that. */
  | "ca-not-primary"
  /** Only a secondary can do that. */
  | "ca-is-primary"
  /** Asked too often: try again later. */
  | "ca-rate-limited"
  /** This provider or its configuration does not do that. */
  | "ca-unsupported"
  /** What stands behind the provider refuses it the right. */
  | "ca-permission-denied"
  /** What stands behind the provider cannot be reached or does not answer; later it may. */
  | "ca-unavailable"
  /** The place where the provider keeps its CA is not there. */
  | "ca-backend-not-mounted"
  /** The CA's own certificate is past its end. */
  | "ca-root-expired"
  /** The caller's signal aborted it. */
  | "ca-aborted"
  /** What stands behind the provider failed or refused otherwise; the cause tells how. */
  | "ca-backend-failed";

/** A provider's failure. Messages begin with upstream's text where upstream has one. */
export class ProviderError extends DrawbarError<ProviderErrorCode> {}

export function notInitialized(): ProviderError {
  return new ProviderError("ca-not-initialized", "provider not initialized");
}

export function notPrimary(): ProviderError {
  return new ProviderError("ca-not-primary", "provider is not the root certificate authority");
}

/** For a CSR asked of the primary. */
export function isPrimaryWithoutCsr(): ProviderError {
  const message = "provider is the root certificate authority, cannot generate an intermediate CSR";
  return new ProviderError("ca-is-primary", message);
}

/** For an intermediate given to the primary. */
export function isPrimaryWithoutIntermediate(): ProviderError {
  const message = "cannot set an intermediate using another root in the primary datacenter";
  return new ProviderError("ca-is-primary", message);
}

/** The text before the detail is matched by hosts that see no codes. */
export function rateLimited(detail: string, cause?: unknown): ProviderError {
  return new ProviderError("ca-rate-limited", `operation rate limited by CA provider: ${detail}`, { cause });
}
