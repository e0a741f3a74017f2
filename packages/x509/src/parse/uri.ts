/**
 * Why a URI may not stand in a certificate; undefined if it may.
 *
 * RFC 5280 4.2.1.6 wants an absolute URI of RFC 3986's characters whose host, if any, is a domain name
 * or an IP literal. Nothing is decoded or normalised: the text is the identity.
 */
export function uriProblem(uri: string): string | undefined {
  if (plainUri.test(uri)) return undefined;
  const match = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(uri);
  if (match === null) return "URI must be absolute: it has no scheme";
  const [, authority, path = "", query = "", fragment = ""] = match;
  if (!pathCharacters.test(path) || !queryCharacters.test(query) || !queryCharacters.test(fragment)) {
    return "URI has a character that must be percent-encoded, or a wrong percent-encoding";
  }
  if (authority === undefined) return path === "" ? "URI has nothing after its scheme" : undefined;
  return authorityProblem(authority);
}

// Scheme, host and path of plain characters, as every SPIFFE id is: most URIs need no closer look.
const plainUri = /^[a-z]+:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\/[A-Za-z0-9\-._~]*)*$/;
const pathCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const queryCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;

function authorityProblem(authority: string): string | undefined {
  const match =
    /^(?:([A-Za-z0-9\-._~!$&'()*+,;=:]*)@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~]*)(?::([0-9]*))?$/.exec(
      authority,
    );
  if (match === null) return "URI has a malformed host, port or user";
  const [, , host = "", port] = match;
  if (host.startsWith("[")) return host.includes(":") ? undefined : "URI has a malformed IP literal";
  if (host === "") return port === undefined ? undefined : "URI has a port but no host";
  return host.split(".").includes("") ? "URI has a host with an empty label" : undefined;
}
