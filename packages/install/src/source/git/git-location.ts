import { InstallError } from "../../install-error.ts";
import { parseUrl } from "../../transfer/show-url.ts";
import { hasScheme } from "../address/split-address.ts";
import type { SourceAddress } from "../source-address.ts";

/** Where a repository is, in words that git cannot take for an option or a command. */
export interface GitLocation {
  readonly url: string;
  readonly protocols: readonly string[];
  /** The server that credentials are for; undefined where git knows no such thing. */
  readonly origin: string | undefined;
}

const protocols: Readonly<Record<string, readonly string[]>> = {
  "https:": ["https"],
  // A server that is asked without TLS may well lead to TLS.
  "http:": ["http", "https"],
  "ssh:": ["ssh"],
  "git:": ["git"],
};

/**
 * Checks an address's location. git's `ext::` and other transports that run commands are none of ours, and a host or
 * user that begins with a hyphen is none at all.
 * @throws InstallError `bad-source`
 */
export function gitLocation(address: SourceAddress): GitLocation {
  const { location } = address;
  if (!hasScheme(location)) {
    if (!/^([/\\]|[A-Za-z]:[\\/])/.test(location)) throw bad(address, "it is neither a URL nor a path");
    return { url: location, protocols: ["file"], origin: undefined };
  }
  const url = parseUrl(location);
  const allowed = protocols[url?.protocol ?? ""];
  if (url === undefined || allowed === undefined)
    throw bad(address, "git repositories are fetched over https:, http:, ssh:, git: or from a path");
  if ([url.hostname, url.username].some((part) => decodeURIComponent(part).startsWith("-")))
    throw bad(address, "no host and no user begins with a hyphen");
  const isHttp = url.protocol === "https:" || url.protocol === "http:";
  return { url: url.href, protocols: allowed, origin: isHttp ? url.origin : undefined };
}

/**
 * Checks a branch, tag or commit by git's own rules (git-check-ref-format), as far as they keep it from being anything
 * else than a name.
 * @throws InstallError `bad-source`
 */
export function gitRef(address: SourceAddress, ref: string): string {
  const isName = !/[\p{Cc}\s~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$|\.lock$|^[-/]|^@?$/u.test(ref);
  if (!isName || ref.length > 250) throw bad(address, `"${ref.slice(0, 80)}" is no branch, tag or commit`);
  return ref;
}

function bad(address: SourceAddress, why: string): InstallError {
  return new InstallError("bad-source", `the source "${address.text}" cannot be used: ${why}`);
}
