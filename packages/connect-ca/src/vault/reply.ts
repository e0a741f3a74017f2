import { VaultError } from "./vault-error.ts";

/** A JSON object as Vault sends it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What Vault answers to a read or a write. */
export interface VaultSecret {
  /** Null where the answer carries none. */
  readonly data: JsonObject | null;
  /** Present in the answers to logins and renewals. */
  readonly auth: VaultAuth | null;
  readonly warnings: readonly string[];
  /** The whole answer, for what stands outside of `data`. */
  readonly raw: JsonObject;
}

/** A token as a login or a renewal gives it. Its text is in no other field. */
export interface VaultAuth {
  readonly clientToken: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly renewable: boolean;
  /** 0 for a token that never expires. */
  readonly leaseSeconds: number;
}

/** Where an answer came from, for errors. */
export interface ReplySource {
  readonly method: string;
  readonly path: string;
}

/** Parses an answer's body as a JSON object; the error says what came without showing it. */
export function parseReply(body: Buffer, source: ReplySource): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // The parser's own error quotes the body, which may hold a secret.
    throw invalidReply(source, `${body.length} bytes that are not JSON`);
  }
  if (!isObject(value)) throw invalidReply(source, "JSON that is not an object");
  return value;
}

export function secretOf(reply: JsonObject, source: ReplySource): VaultSecret {
  return {
    data: optionalObject(reply["data"], "data", source),
    auth: authOf(optionalObject(reply["auth"], "auth", source), source),
    warnings: texts(reply["warnings"]),
    raw: reply,
  };
}

/** Vault's own messages in the body of an error; empty where it has none. */
export function errorsOf(body: Buffer): string[] {
  try {
    const reply: unknown = JSON.parse(body.toString("utf8"));
    return isObject(reply) ? texts(reply["errors"]) : [];
  } catch {
    return [];
  }
}

function authOf(auth: JsonObject | null, source: ReplySource): VaultAuth | null {
  if (auth === null) return null;
  const clientToken = auth["client_token"] ?? "";
  const leaseSeconds = auth["lease_duration"] ?? 0;
  if (typeof clientToken !== "string" || typeof leaseSeconds !== "number") {
    throw invalidReply(source, "an auth object without client_token or lease_duration");
  }
  return {
    clientToken,
    accessor: typeof auth["accessor"] === "string" ? auth["accessor"] : "",
    policies: texts(auth["policies"]),
    renewable: auth["renewable"] === true,
    leaseSeconds,
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function optionalObject(value: unknown, name: string, source: ReplySource): JsonObject | null {
  if (value === undefined || value === null) return null;
  if (isObject(value)) return value;
  throw invalidReply(source, `"${name}" that is not an object`);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function invalidReply({ method, path }: ReplySource, what: string): VaultError {
  return new VaultError(
    "vault-response-invalid",
    `Vault answered ${method} ${path} with ${what}; is this address a Vault?`,
    { facts: { method, path } },
  );
}
