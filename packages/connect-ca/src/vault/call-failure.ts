import { toError } from "@drawbar/io";
import { ExchangeError, type ExchangeResponse } from "./exchange.ts";
import type { Redactor } from "./redactor.ts";
import { errorsOf, type ReplySource } from "./reply.ts";
import { VaultError, type VaultErrorCode } from "./vault-error.ts";

/** A call that failed, as far as its error tells of it. */
export interface FailedCall extends ReplySource {
  readonly address: string;
  readonly namespace: string;
  readonly attempts: number;
  /** Whether it is sent again after it may have been carried out. */
  readonly idempotent: boolean;
  readonly redactor: Redactor;
}

/** With the limits that can end it. */
export interface LimitedCall extends FailedCall {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

/** The error for an answer that refuses. */
export function refusalError(response: ExchangeResponse, call: FailedCall): VaultError {
  const errors = errorsOf(response.body).map((message) => call.redactor.redact(message));
  const code = codeOfStatus(response.status, errors);
  const said = errors.length === 0 ? "and says no more" : `and says: ${inOneLine(errors)}`;
  const message = `Vault answered ${response.status} to ${call.method} ${call.path} ${said}${hintFor(code, call)}`;
  return new VaultError(code, message, {
    status: response.status,
    errors,
    facts: { ...factsOf(call), status: response.status },
  });
}

// Vault puts a heading, bullets and empty lines even around a single error.
function inOneLine(errors: readonly string[]): string {
  const text = errors.map((error) => error.replace(/^1 error occurred:\s*\* /, "").trim()).join("; ");
  return text.replace(/\s+/g, " ").slice(0, longestQuote);
}

// A message is for people. All that was said is in `errors`.
const longestQuote = 2_000;

function codeOfStatus(status: number, errors: readonly string[]): VaultErrorCode {
  switch (status) {
    case 403:
      return "vault-permission-denied";
    case 404:
      return "vault-not-found";
    case 429:
      return "vault-rate-limited";
    case 502:
    case 504:
      return "vault-unavailable";
    case 503:
      return errors.some((message) => /\bsealed\b/i.test(message)) ? "vault-sealed" : "vault-unavailable";
    default:
      return status >= 500 ? "vault-server-error" : "vault-request-refused";
  }
}

function hintFor(code: VaultErrorCode, { namespace }: FailedCall): string {
  const place = namespace === "" ? "" : ` in namespace ${namespace}`;
  switch (code) {
    case "vault-permission-denied":
      return ` (check that the token is valid and that its policies allow this path${place})`;
    case "vault-not-found":
      return ` (check that something is mounted there${place})`;
    case "vault-sealed":
      return " (unseal it, and initialise it first if it is new)";
    case "vault-rate-limited":
      return " (ask less often, or raise the quota in Vault)";
    default:
      return "";
  }
}

/** The error for an exchange without an answer; `ended` is why the call's own limit ended it. */
export function exchangeFailure(
  error: unknown,
  ended: "timeout" | "aborted" | undefined,
  call: LimitedCall,
): unknown {
  const what = `${call.method} ${call.path} at ${call.address}`;
  const facts = factsOf(call);
  if (ended === "timeout") {
    const message = `Vault did not answer ${what} within ${call.timeoutMs} ms${adviceFor(error, call)}`;
    return new VaultError("vault-timeout", message, { facts });
  }
  if (ended === "aborted") {
    const cause = error instanceof ExchangeError ? error.cause : error;
    return new VaultError("vault-aborted", `the call ${what} was aborted`, { cause, facts });
  }
  if (!(error instanceof ExchangeError)) return error;
  if (error.kind === "too-large") {
    const message = `Vault's answer to ${what} is larger than ${call.maxResponseBytes} bytes`;
    return new VaultError("vault-response-too-large", message, { facts });
  }
  return connectionFailure(error, what, facts, call);
}

function connectionFailure(
  failure: ExchangeError,
  what: string,
  facts: Record<string, unknown>,
  call: FailedCall,
): VaultError {
  const { maySent } = failure;
  const cause = toError(failure.cause);
  const systemCode = String((cause as NodeJS.ErrnoException).code ?? "");
  if (systemCode.startsWith("HPE_")) {
    const message = `what answered ${what} does not speak HTTP (${systemCode})`;
    return new VaultError("vault-response-invalid", message, { facts });
  }
  if (isTlsFailure(systemCode)) {
    const message = `no trusted TLS connection for ${what}: ${cause.message} (check CAFile, TLSServerName and CertFile)`;
    return new VaultError("vault-tls", message, { cause, facts });
  }
  const how = maySent ? "the connection was lost during" : "no connection for";
  const why = cause.message === "" ? systemCode : cause.message;
  const advice = maySent ? adviceFor(failure, call) : " (check that Vault runs, and its address)";
  const message = `${how} ${what}: ${why}${advice}`;
  return new VaultError("vault-unavailable", message, { cause, facts: { ...facts, maySent } });
}

/** For what may have been carried out without our knowing. */
function adviceFor(error: unknown, { idempotent }: FailedCall): string {
  if (idempotent || !(error instanceof ExchangeError) || !error.maySent) return "";
  return " (Vault may have done it all the same, so it was not sent again)";
}

const certificateFailures = /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_SSL|^EPROTO|HOSTNAME_MISMATCH/;

/** Whether a failure is one of trust, which trying again cannot mend. */
export function isTlsFailure(systemCode: string): boolean {
  return certificateFailures.test(systemCode);
}

function factsOf({ method, path, address, namespace, attempts }: FailedCall): Record<string, unknown> {
  return { method, path, address, namespace, attempts };
}
