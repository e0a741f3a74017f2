/** How a field is to be represented (RFC 7541 §6.2). */
export type Indexing =
  /** Inserted into the dynamic table: likely to come again. */
  | "index"
  /** Sent literally: its value changes from message to message. */
  | "literal"
  /** Sent literally, and no intermediary may put it into a table: a secret (RFC 7541 §7.1.3). */
  | "never";

const secretNames: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
]);

// Fields whose values seldom repeat. In the table they would only displace those that do, and every
// insertion costs prepared header blocks their encoded form.
const volatileNames: ReadonlySet<string> = new Set([
  "age",
  "content-length",
  "date",
  "etag",
  "expires",
  "grpc-message",
  "grpc-status-details-bin",
  "grpc-timeout",
  "last-modified",
  "traceparent",
]);

// A field that takes a large part of the table is not worth what it displaces.
const maxIndexedBytes = 1024;

export function indexingOf(name: string, value: string, sensitive: ReadonlySet<string>): Indexing {
  if (secretNames.has(name) || sensitive.has(name)) return "never";
  if (volatileNames.has(name) || name.length + value.length > maxIndexedBytes) return "literal";
  return "index";
}
