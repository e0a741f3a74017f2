import { InstallError } from "../install-error.ts";
import type { Failure } from "./network-failure.ts";

/** What an answer other than success means. `host` is whom credentials would be for. */
export function statusFailure(
  status: number,
  retryAfter: string | undefined,
  where: string,
  host: string,
): Failure {
  const facts = { url: where, status };
  const failure = (code: "not-found" | "refused" | "unreachable", why: string, retry = false): Failure => ({
    error: new InstallError(code, `${where} could not be fetched: ${why}`, { facts }),
    retry,
    afterMs: retry ? retryAfterMs(retryAfter) : undefined,
  });
  switch (status) {
    case 404:
    case 410:
      return failure("not-found", `the server has nothing there (${status})`);
    case 401:
      return failure("refused", `the server wants credentials (401): ${howToLogIn(host)}`);
    case 403:
      return failure(
        "refused",
        `the server forbids it (403): do the credentials allow it? ${howToLogIn(host)}`,
      );
    case 407:
      return failure("refused", "the proxy wants another user and password (407)");
    case 408:
      return failure("unreachable", "the server gave up waiting (408)", true);
    case 429:
      return failure("unreachable", "the server says that it is asked too often (429)", true);
    default:
      return failure("unreachable", `the server answered ${status}`, status >= 500 && status !== 501);
  }
}

/** The variable that holds a host's token: dots become `_`, hyphens `__`. */
export function tokenVariable(prefix: string, host: string): string {
  return `${prefix}${host.replace(/[[\]]/g, "").replaceAll("-", "__").replace(/[.:]/g, "_")}`;
}

function howToLogIn(host: string): string {
  return `set ${tokenVariable("DRAWBAR_TOKEN_", host)} to a token, or name the host in .netrc`;
}

// RFC 9110 section 10.2.3: seconds, or a date.
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
