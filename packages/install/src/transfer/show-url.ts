const secretName =
  /(pass|secret|token|credential|signature|sshkey|api.?key|access.?key|auth|private.?key|^sig$|^key$|^x-amz-)/i;

/** A URL as a message may show it: without user and password, and without its query, which may be a signature. */
export function showUrl(url: URL | string): string {
  const parsed = url instanceof URL ? url : parseUrl(url);
  if (parsed === undefined) return redactText(String(url));
  const query = parsed.search === "" ? "" : "?…";
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}${query}`;
}

/** Text with an address in it, without the password: for what is no URL, or what has to be kept whole. */
export function redactText(text: string): string {
  return hideParameters(hideUserInfo(text));
}

/** The URL, or undefined. Node's own error would carry the text, with its password. */
export function parseUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
}

// A password may hold an unescaped @ or /. What stands before the last @ that could end it is taken for one.
function hideUserInfo(text: string): string {
  const scheme = /[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(text);
  if (scheme === null) return text;
  const start = scheme.index + scheme[0].length;
  const rest = text.slice(start);
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  const end = authority.includes("@") ? authority.lastIndexOf("@") : brokenUserInfoEnd(authority, rest);
  if (end < 0) return text;
  const user = rest.slice(0, end).split(":")[0] ?? "";
  const kept = scheme[0].toLowerCase() === "ssh://" && user !== "" ? `${user}@` : "";
  return text.slice(0, start) + kept + rest.slice(end + 1);
}

// `https://user:pa/ss@host`: not a URL, because what follows the colon is no port.
function brokenUserInfoEnd(authority: string, rest: string): number {
  return /:(?!\d*$)/.test(authority.replace(/^\[[^\]]*\]/, "")) ? rest.lastIndexOf("@") : -1;
}

function hideParameters(text: string): string {
  return text.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, mark: string, name: string) =>
    secretName.test(decoded(name)) ? `${mark}${name}=redacted` : whole,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
