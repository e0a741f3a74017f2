/** An address in its pieces, before anybody knows what they mean. */
export interface AddressPieces {
  readonly base: string;
  readonly subdir: string | undefined;
  /** What follows `?`, without it; empty if there is none. */
  readonly query: string;
}

/** `getter::rest`, as go-getter writes it. */
export function splitForced(text: string): { readonly forced: string | undefined; readonly rest: string } {
  const match = /^([A-Za-z0-9][A-Za-z0-9+.-]*)::(.*)$/.exec(text);
  return match === null
    ? { forced: undefined, rest: text }
    : { forced: match[1]?.toLowerCase(), rest: match[2] ?? "" };
}

/** Takes subfolder and parameters off. `//` of a scheme and at the very beginning of a path separate nothing. */
export function splitAddress(text: string): AddressPieces {
  const { path, query } = splitQuery(text);
  const start = schemeEnd(path);
  const at = path.indexOf("//", start);
  if (at < 0) return { base: path, subdir: undefined, query };
  const subdir = path.slice(at).replace(/^\/+/, "");
  return { base: path.slice(0, at), subdir: subdir === "" ? undefined : subdir, query };
}

/** True for `x://…`; a single letter is a drive. */
export function hasScheme(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(text);
}

/** True for what can only be a path: it says so with its first characters, as Terraform asks for. */
export function isPath(text: string, windows: boolean): boolean {
  if (/^\.{0,2}\//.test(text) || text === "." || text === "..") return true;
  return windows && (/^[A-Za-z]:[\\/]/.test(text) || /^\.{0,2}\\/.test(text));
}

// A file's name may hold a question mark: without a scheme, only `?name=value` is a query.
function splitQuery(text: string): { readonly path: string; readonly query: string } {
  const isUrl = hasScheme(text);
  // What follows # is for whoever reads a page, and never sent.
  const whole = isUrl ? text.replace(/#.*$/s, "") : text;
  const match = (isUrl ? /\?.*$/s : /\?[A-Za-z][\w.-]*=.*$/s).exec(whole);
  return match === null
    ? { path: whole, query: "" }
    : { path: whole.slice(0, match.index), query: match[0].slice(1) };
}

// Behind `file://` an absolute path follows, whose own slash belongs to it.
function schemeEnd(text: string): number {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]+:\/\/\/?|^[\\/]+/.exec(text);
  return scheme?.[0].length ?? 0;
}
