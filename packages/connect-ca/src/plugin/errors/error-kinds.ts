import type { StatusName } from "@drawbar/grpc";
import { ConfigError } from "../../config/config-error.ts";
import { ProviderError, type ProviderErrorCode } from "../../provider/provider-error.ts";
import { ValidationError } from "../../validation/validation-error.ts";

/** How one code crosses: the gRPC status it is seen as, and how to make the error again. */
interface ErrorKind {
  readonly status: StatusName;
  make(message: string, cause: unknown): Error;
}

function provider(code: ProviderErrorCode, status: StatusName): [string, ErrorKind] {
  return [code, { status, make: (message, cause) => new ProviderError(code, message, { cause }) }];
}

function validation(code: "ca-intermediate-invalid" | "ca-request-invalid"): [string, ErrorKind] {
  const make = (message: string, cause: unknown): Error => new ValidationError(code, message, cause);
  return [code, { status: "INVALID_ARGUMENT", make }];
}

/** Every code that crosses from a plugin to its host; others become `ca-backend-failed`. */
export const errorKinds: ReadonlyMap<string, ErrorKind> = new Map([
  provider("ca-not-initialized", "FAILED_PRECONDITION"),
  provider("ca-not-primary", "FAILED_PRECONDITION"),
  provider("ca-is-primary", "FAILED_PRECONDITION"),
  provider("ca-rate-limited", "RESOURCE_EXHAUSTED"),
  provider("ca-unsupported", "UNIMPLEMENTED"),
  provider("ca-permission-denied", "PERMISSION_DENIED"),
  provider("ca-unavailable", "UNAVAILABLE"),
  provider("ca-backend-not-mounted", "FAILED_PRECONDITION"),
  provider("ca-root-expired", "FAILED_PRECONDITION"),
  provider("ca-aborted", "CANCELLED"),
  provider("ca-backend-failed", "INTERNAL"),
  validation("ca-intermediate-invalid"),
  validation("ca-request-invalid"),
  ["ca-config-invalid", { status: "INVALID_ARGUMENT", make: (message) => new ConfigError(message) }],
]);

/** The error of a code that came over the wire. */
export function makeError(code: string, message: string, cause: unknown): Error {
  const kind = errorKinds.get(code);
  return kind?.make(message, cause) ?? new ProviderError("ca-backend-failed", message, { cause });
}
