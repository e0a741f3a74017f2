import { Http2Error } from "./errors.ts";

/**
 * Names and values alternating: `[name0, value0, name1, value1, …]`. Names are lower-case, values
 * latin-1 without CR, LF and NUL. Pseudo-fields (`:path`) come first (RFC 9113 §8.3).
 *
 * Lists that were received are frozen, and a repeated header block gives the same object again: what a
 * caller derives from one may be kept in a WeakMap.
 */
export type HeaderList = readonly string[];

/**
 * A header list that will be sent many times. Each connection keeps its encoded form, so that sending
 * it again copies a few bytes.
 */
export interface PreparedHeaders {
  readonly list: HeaderList;
}

/** The implementation of PreparedHeaders: lists that were checked. */
export class PreparedList implements PreparedHeaders {
  /** The fields that follow those of `base`. */
  readonly own: HeaderList;
  /** Names whose values must not enter any compression table (RFC 7541 §7.1.3). */
  readonly sensitive: ReadonlySet<string>;
  /** A prepared list that this one begins with; the rest is of one call and not worth keeping. */
  readonly base: PreparedList | undefined;

  constructor(own: HeaderList, sensitive: ReadonlySet<string>, base: PreparedList | undefined) {
    this.own = own;
    this.sensitive = sensitive;
    this.base = base;
  }

  get list(): HeaderList {
    return this.base === undefined ? this.own : [...this.base.list, ...this.own];
  }
}

const none: ReadonlySet<string> = new Set();

/**
 * Checks and freezes `list` for repeated sending. Make it once per method or reply, not per call.
 *
 * @param options.sensitive names whose values are sent as never indexed; `authorization`,
 * `proxy-authorization`, `cookie` and `set-cookie` always are
 * @throws Http2Error `http2-invalid-header` for a name or value that HTTP/2 cannot carry
 */
export function prepareHeaders(
  list: HeaderList,
  options?: { readonly sensitive?: readonly string[] },
): PreparedHeaders {
  checkHeaderList(list);
  const sensitive = options?.sensitive === undefined ? none : new Set(options.sensitive);
  return new PreparedList(Object.freeze([...list]), sensitive, undefined);
}

/**
 * `prepared` followed by fields of one call (a deadline, a request id): the first part still costs a
 * copy only.
 *
 * @throws Http2Error `http2-invalid-header` as `prepareHeaders`
 */
export function appendHeaders(prepared: PreparedHeaders, extra: HeaderList): PreparedHeaders {
  checkHeaderList(extra);
  const base = prepared instanceof PreparedList ? prepared : new PreparedList(prepared.list, none, undefined);
  return new PreparedList(extra, base.sensitive, base);
}

/** What the encoder takes: a list that was checked here, or a prepared one that was checked before. */
export function asSendable(headers: HeaderList | PreparedHeaders): HeaderList | PreparedList {
  if (headers instanceof PreparedList) return headers;
  // An interface instance from another copy of this package is as good as its list.
  const list = "list" in headers ? headers.list : headers;
  checkHeaderList(list);
  return list;
}

/** Throws Http2Error `http2-invalid-header` for what HTTP/2 cannot carry (RFC 9113 §8.2.1). */
export function checkHeaderList(list: HeaderList): void {
  if (list.length % 2 !== 0)
    throw invalid("a header list alternates names and values, and has an even length");
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    if (!validName.test(name)) {
      throw invalid(`header name ${JSON.stringify(name)} is not a lower-case token`);
    }
    if (invalidValue.test(list[i + 1] as string)) {
      throw invalid(`the value of header ${name} contains a character outside latin-1, or NUL, CR or LF`);
    }
  }
}

const validName = /^:?[!#$%&'*+.^_`|~0-9a-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const invalidValue = /[^\x01-\x09\x0b\x0c\x0e-\xff]/;

function invalid(message: string): Http2Error {
  return new Http2Error("http2-invalid-header", "INTERNAL_ERROR", message);
}
