import { InstallError } from "../install-error.ts";
import { tokenVariable } from "./credentials/env-token.ts";
import type { Arrival } from "./follow.ts";
import type { Failure } from "./network-failure.ts";
import { header } from "./response-head.ts";
import { showUrl } from "./show-url.ts";

/** What an answer other than success means. */
export function statusFailure({ url, response }: Arrival): Failure {
  const where = showUrl(url);
  const host = url.hostname;
  const status = response.statusCode;
  const challenge = header(response, "www-authenticate");
  const retryAfter = header(response, "retry-after");
  const facts = { url: where, status, ...(challenge === undefined ? {} : { challenge }) };
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

function howToLogIn(host: string): string {
  if (host === "api.github.com")
    return "set GITHUB_TOKEN; without one GitHub answers a few questions an hour";
  return `set ${tokenVariable("DRAWBAR_TOKEN_", host)} to a token, or name the host in .netrc`;
}

// RFC 9110 section 10.2.3: seconds, or a date.
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
