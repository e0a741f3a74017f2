import { InstallError } from "../../install-error.ts";
import type { CredentialFinder } from "../../transfer/credentials/credential-finder.ts";
import { Credentials } from "../../transfer/credentials/credentials.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { HttpDocument, Transfer, TransferRequest } from "../../transfer/transfer.ts";
import { JsonObject, malformed } from "../json.ts";
import type { SourceAddress } from "../source-address.ts";
import type { OciReference } from "./oci-reference.ts";

/** Reads from one repository, with a token that its registry gave for it. */
export interface OciSession {
  read(path: string, request: Omit<TransferRequest, "url" | "credentials">): Promise<HttpDocument>;
  /** What a later request of this session is sent with. */
  credentials(): Credentials | "none";
}

/**
 * A registry says with its first refusal where tokens are to be had (the distribution specification's token
 * authentication). Whoever gives them is sent the credentials that we have for its own host, and no others.
 */
export function ociSession(
  transfer: Transfer,
  finder: CredentialFinder,
  { base }: OciReference,
  address: SourceAddress,
): OciSession {
  let current: Credentials | "none" = "none";
  return {
    credentials: () => current,
    async read(path, request) {
      const url = new URL(path, base);
      try {
        return await transfer.read({ ...request, url, credentials: current });
      } catch (error) {
        const challenge = challengeOf(error);
        if (challenge === undefined) throw error;
        current = await logIn(challenge, base, address, { transfer, finder, signal: request.signal }, error);
        return transfer.read({ ...request, url, credentials: current });
      }
    },
  };
}

interface Means {
  readonly transfer: Transfer;
  readonly finder: CredentialFinder;
  readonly signal: AbortSignal;
}

async function logIn(
  challenge: string,
  base: URL,
  address: SourceAddress,
  { transfer, finder, signal }: Means,
  refusal: unknown,
): Promise<Credentials> {
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const credentialsFor = async (url: URL): Promise<Credentials | undefined> =>
    (url.origin === base.origin ? address.credentials : undefined) ?? (await finder.find(url));
  if (/^basic\b/i.test(challenge)) {
    const own = await credentialsFor(base);
    if (own === undefined) throw refusal;
    return asBasic(own);
  }
  const realm = parseUrl(parameters.get("realm") ?? "");
  if (realm?.protocol !== "https:") throw malformed(showUrl(base), "its realm must be an https: URL");
  for (const name of ["service", "scope"]) {
    const value = parameters.get(name);
    if (value !== undefined) realm.searchParams.set(name, value);
  }
  const own = await credentialsFor(realm);
  const credentials = own === undefined ? "none" : asBasic(own);
  const answer = await transfer.read({ url: realm, signal, credentials, maxBytes: 1024 * 1024 });
  const document = JsonObject.parse(answer.bytes, showUrl(realm));
  return Credentials.bearer(document.textIfThere("token") ?? document.text("access_token"));
}

// Where tokens are given, a token is a password.
function asBasic(credentials: Credentials): Credentials {
  const { user, password } = credentials.login();
  return Credentials.basic(user, password);
}

function challengeOf(error: unknown): string | undefined {
  if (!(error instanceof InstallError) || error.facts["status"] !== 401) return undefined;
  const challenge = error.facts["challenge"];
  return typeof challenge === "string" ? challenge : undefined;
}
