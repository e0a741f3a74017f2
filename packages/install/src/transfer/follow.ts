import { InstallError } from "../install-error.ts";
import type { Response } from "./exchange.ts";
import { parseUrl, showUrl } from "./show-url.ts";

/** An answer that is no redirect, and the URL that gave it. */
export interface Arrival {
  readonly url: URL;
  readonly response: Response;
}

export interface FollowRules {
  readonly redirects: number;
  /** Whether TLS may be left on the way. */
  readonly allowDowngrade: boolean;
}

const redirectStatus: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks, and follows redirects as far as the rules go. What a redirect says of users and passwords is dropped.
 * @throws InstallError `refused`
 */
export async function follow(
  start: URL,
  ask: (url: URL) => Promise<Response>,
  rules: FollowRules,
): Promise<Arrival> {
  let url = start;
  for (let count = 0; ; count++) {
    const response = await ask(url);
    if (!redirectStatus.has(response.statusCode)) return { url, response };
    // The body of a redirect is not worth a connection that stays open for it.
    response.discard();
    if (count === rules.redirects) throw refusal(start, `it leads on after ${count} redirects`);
    url = nextUrl(url, response.headers["location"], start, rules);
  }
}

function nextUrl(url: URL, location: string | string[] | undefined, start: URL, rules: FollowRules): URL {
  if (typeof location !== "string") throw refusal(start, "it redirects without saying where to");
  const next = parseUrl(location, url);
  if (next === undefined) throw refusal(start, "it redirects to what is not a URL");
  next.username = "";
  next.password = "";
  next.hash = "";
  if (next.protocol !== "https:" && next.protocol !== "http:")
    throw refusal(start, `it redirects to ${next.protocol}, and only https: and http: are followed`);
  if (url.protocol === "https:" && next.protocol === "http:" && !rules.allowDowngrade)
    throw refusal(
      start,
      `it redirects from https: to ${showUrl(next)}, which anybody on the way could change`,
    );
  return next;
}

function refusal(start: URL, why: string): InstallError {
  return new InstallError("refused", `${showUrl(start)} was not fetched: ${why}`, {
    facts: { url: showUrl(start) },
  });
}
