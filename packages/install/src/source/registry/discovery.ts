import { InstallError } from "../../install-error.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { Transfer } from "../../transfer/transfer.ts";
import { JsonObject, malformed } from "../json.ts";

/**
 * Where a host has its provider registry, by Terraform's remote service discovery: `/.well-known/terraform.json`, of
 * which `providers.v1` counts. Always over TLS.
 * @throws InstallError
 */
export async function discoverProviders(host: string, transfer: Transfer, signal: AbortSignal): Promise<URL> {
  const start = parseUrl(`https://${host}/.well-known/terraform.json`);
  if (start === undefined) throw new InstallError("bad-source", `${host} is no host of a registry`);
  const { bytes, url } = await transfer.read({ url: start, signal, headers: { accept: "application/json" } });
  const service = JsonObject.parse(bytes, showUrl(url)).textIfThere("providers.v1");
  if (service === undefined)
    throw new InstallError(
      "not-found",
      `${host} has no registry of providers: ${showUrl(url)} names no providers.v1`,
    );
  const base = parseUrl(service.endsWith("/") ? service : `${service}/`, url);
  if (base?.protocol !== "https:") throw malformed(showUrl(url), "providers.v1 must be an https: URL");
  return base;
}
