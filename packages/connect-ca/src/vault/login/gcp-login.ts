import type { RawConfig } from "../../config/config-reader.ts";
import { isObject, type JsonObject } from "../reply.ts";
import { requiredParam, textParam } from "./login-params.ts";
import { type LoginSource, loginInvalid, loginOptionInvalid } from "./login-source.ts";

const metadata = "http://metadata/computeMetadata/v1/instance/service-accounts";
const credentials = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
// What Vault's gcp method accepts at most by default.
const lifetimeSeconds = 15 * 60;

/**
 * A role and a signed identity: of the machine for type `gce` (the default), or of the service account
 * `service_account_email` for type `iam`, signed by Google with the machine's own rights.
 */
export async function gcpLogin(
  params: RawConfig,
  source: LoginSource,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const role = requiredParam(params, "role");
  const type = textParam(params, "type") || "gce";
  switch (type) {
    case "gce": {
      const account = textParam(params, "service_account") || "default";
      const query = new URLSearchParams({ audience: `http://vault/${role}`, format: "full" });
      const url = `${metadata}/${encodeURIComponent(account)}/identity?${query}`;
      return { role, jwt: await source.fetchText(url, { headers: { "Metadata-Flavor": "Google" }, signal }) };
    }
    case "iam":
      return {
        role,
        jwt: await signedJwt(role, requiredParam(params, "service_account_email"), source, signal),
      };
    default:
      throw loginOptionInvalid(`the gcp auth method's 'type' is ${type}; expected gce or iam`);
  }
}

async function signedJwt(
  role: string,
  account: string,
  source: LoginSource,
  signal?: AbortSignal,
): Promise<string> {
  const access = await source.fetchText(`${metadata}/default/token`, {
    headers: { "Metadata-Flavor": "Google" },
    signal,
  });
  const expires = Math.floor(source.now().getTime() / 1000) + lifetimeSeconds;
  const payload = JSON.stringify({ aud: `http://vault/${role}`, sub: account, exp: expires });
  const signed = await source.fetchText(`${credentials}/${encodeURIComponent(account)}:signJwt`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${textIn(access, "access_token")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ payload }),
    signal,
  });
  return textIn(signed, "signedJwt");
}

function textIn(answer: string, name: string): string {
  try {
    const value: unknown = JSON.parse(answer);
    if (isObject(value) && typeof value[name] === "string") return value[name];
  } catch {
    // The parser's error would quote the token.
  }
  throw loginInvalid(`Google answered without ${name}`);
}
