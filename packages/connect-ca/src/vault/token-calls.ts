import { dataOf } from "./fields.ts";
import { invalidReply, type VaultAuth } from "./reply.ts";
import type { CallOptions, VaultClient } from "./vault-client.ts";

/** How long a token lives and whether it can live longer. */
export interface TokenLease {
  readonly renewable: boolean;
  /** What is left, in whole seconds; Infinity for a token that never expires. */
  readonly ttlSeconds: number;
}

/** The client's own token: how long it will live. */
export async function lookUpToken(client: VaultClient, options?: CallOptions): Promise<TokenLease> {
  const source = { method: "GET", path: "auth/token/lookup-self" };
  const data = dataOf(await client.read(source.path, options), source);
  const ttl = data["ttl"];
  if (typeof ttl !== "number") throw invalidReply(source, "no number in data.ttl");
  // Vault rounds down: 0 is also the last second of a token that does expire.
  const isEndless = ttl === 0 && (data["creation_ttl"] ?? 0) === 0;
  return { renewable: data["renewable"] === true, ttlSeconds: isEndless ? Number.POSITIVE_INFINITY : ttl };
}

/** Asks for `incrementSeconds` more; Vault may grant less. */
export async function renewToken(
  client: VaultClient,
  incrementSeconds: number,
  options?: CallOptions,
): Promise<TokenLease> {
  const source = { method: "PUT", path: "auth/token/renew-self" };
  const body = { increment: incrementSeconds };
  const secret = await client.write(source.path, body, { ...options, idempotent: true });
  if (!secret?.auth) throw invalidReply(source, "no auth object");
  return { renewable: secret.auth.renewable, ttlSeconds: secret.auth.leaseSeconds };
}

/** The lease of a token that a login has just given. */
export function leaseOfLogin({ renewable, leaseSeconds }: VaultAuth): TokenLease {
  return { renewable, ttlSeconds: leaseSeconds === 0 ? Number.POSITIVE_INFINITY : leaseSeconds };
}
