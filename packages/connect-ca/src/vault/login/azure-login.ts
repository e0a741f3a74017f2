import type { RawConfig } from "../../config/config-reader.ts";
import { isObject, type JsonObject } from "../reply.ts";
import { requiredParam, textParam } from "./login-params.ts";
import { type LoginSource, loginInvalid } from "./login-source.ts";

const metadata = "http://169.254.169.254/metadata";
const apiVersion = "2018-02-01";

/** A managed identity's token for `resource`, and which machine it belongs to. */
export async function azureLogin(
  params: RawConfig,
  source: LoginSource,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const role = requiredParam(params, "role");
  const query = new URLSearchParams({
    "api-version": apiVersion,
    resource: requiredParam(params, "resource"),
  });
  for (const name of ["object_id", "client_id"]) {
    const value = textParam(params, name);
    if (value !== "") query.set(name, value);
  }
  const identity = await fetchObject(`${metadata}/identity/oauth2/token?${query}`, source, signal);
  const instance = await fetchObject(`${metadata}/instance?api-version=${apiVersion}`, source, signal);
  const compute = isObject(instance["compute"]) ? instance["compute"] : {};
  return {
    role,
    jwt: text(identity, "access_token"),
    vm_name: text(compute, "name"),
    vmss_name: text(compute, "vmScaleSetName"),
    subscription_id: text(compute, "subscriptionId"),
    resource_group_name: text(compute, "resourceGroupName"),
  };
}

async function fetchObject(url: string, source: LoginSource, signal?: AbortSignal): Promise<JsonObject> {
  const answer = await source.fetchText(url, { headers: { Metadata: "true" }, signal });
  try {
    const value: unknown = JSON.parse(answer);
    if (isObject(value)) return value;
  } catch {
    // The parser's error would quote the token.
  }
  throw loginInvalid("Azure's metadata service answered with something other than a JSON object");
}

function text(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}
