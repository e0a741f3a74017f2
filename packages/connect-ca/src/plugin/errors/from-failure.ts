import { isStatusError, type StatusError } from "@drawbar/grpc";
import { isDrawbarError, toError } from "@drawbar/io";
import { ProviderError } from "../../provider/provider-error.ts";
import { errorCodeOfText } from "./error-code-of-text.ts";
import { decodeErrorInfo } from "./error-info.ts";
import { makeError } from "./error-kinds.ts";

/** What a host's call of a plugin rejects with: the plugin's own error again, or why there is none. */
export function fromFailure(failure: unknown, method: string, signal: AbortSignal | undefined): Error {
  if (signal?.aborted === true) {
    return new ProviderError("ca-aborted", `${method} was aborted`, { cause: signal.reason });
  }
  const end = pluginEnd(failure);
  if (end !== undefined) return pluginLost(method, end, failure);
  if (isStatusError(failure)) return fromStatus(failure, method);
  const { message } = toError(failure);
  return makeError(errorCodeOfText(message), message, failure);
}

function fromStatus(failure: StatusError, method: string): Error {
  const { statusMessage: message, statusName, details } = failure;
  const code = details === undefined ? undefined : decodeErrorInfo(details);
  if (code !== undefined) return makeError(code, message, failure);
  switch (statusName) {
    case "UNIMPLEMENTED":
      return new ProviderError("ca-unsupported", `the plugin has no ${method}: ${message}`, {
        cause: failure,
      });
    case "UNAVAILABLE":
    case "DEADLINE_EXCEEDED":
      return new ProviderError("ca-unavailable", message, { cause: failure });
    case "CANCELLED":
      return new ProviderError("ca-aborted", message, { cause: failure });
    case "RESOURCE_EXHAUSTED":
      return new ProviderError("ca-rate-limited", message, { cause: failure });
    case "PERMISSION_DENIED":
    case "UNAUTHENTICATED":
      return new ProviderError("ca-permission-denied", message, { cause: failure });
    default:
      // Go plugins: UNKNOWN and the error's text.
      return makeError(errorCodeOfText(message), message, failure);
  }
}

const codesOfLoss: ReadonlySet<string> = new Set([
  "plugin-exited",
  "plugin-connection-lost",
  "netrpc-connection-lost",
  "netrpc-shut-down",
]);

/** That the plugin is gone, where that is why a call failed. */
function pluginEnd(failure: unknown): Error | undefined {
  let found: Error | undefined;
  for (let error = failure; error instanceof Error; error = error.cause) {
    // The innermost tells most: how the process ended, rather than that the connection did.
    if (isDrawbarError(error) && codesOfLoss.has(error.code)) found = error;
  }
  return found;
}

function pluginLost(method: string, end: Error, cause: unknown): ProviderError {
  const advice =
    "what was asked may have been done or not; ask a new plugin again, no serial number is used twice";
  return new ProviderError(
    "ca-unavailable",
    `the CA provider's plugin was lost during ${method}: ${end.message}\n${advice}`,
    { cause },
  );
}
