import { InstallError } from "../../install-error.ts";
import type { Environment } from "../../transfer/credentials/env-token.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { Transfer } from "../../transfer/transfer.ts";
import type { ClaimedDigest, GetContext, Getter } from "../getter.ts";
import { remoteFile } from "../http/http-getter.ts";
import { JsonObject, malformed } from "../json.ts";
import { allowParameters } from "../parameters.ts";
import { plainName } from "../plain-name.ts";
import type { SourceAddress } from "../source-address.ts";
import { type NpmConfig, readNpmConfig } from "./npmrc.ts";

export interface NpmOptions {
  /** Before all configuration. Default: npm's configuration, else npm's public registry. */
  readonly registry: string | undefined;
  /** Where the project's `.npmrc` is. */
  readonly cwd: string;
  readonly env: Environment;
}

// The short form has what installing needs: the full one of an old package has tens of megabytes.
const accept = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8";
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const strongHashes = ["sha512", "sha384", "sha256"];

/** A package of an npm registry: `npm:NAME` or `npm:@SCOPE/NAME`. Its tarball is taken as it is; no script of it runs. */
export function npmGetter(transfer: Transfer, { registry, cwd, env }: NpmOptions): Getter {
  const read = async (address: SourceAddress, { signal }: GetContext) => {
    allowParameters(address);
    const name = address.location;
    if (!packageName.test(name) || name.length > 214)
      throw new InstallError("bad-source", `${address.text}: "${name}" is no name of an npm package`);
    const config = await readNpmConfig(cwd, env, registry);
    const url = new URL(name.replace("/", "%2f"), config.registryOf(name));
    const credentials = config.credentialsFor(url);
    const { bytes } = await transfer.read({ url, signal, credentials, headers: { accept } });
    return { config, document: JsonObject.parse(bytes, showUrl(url)) };
  };
  return {
    name: "npm",
    async versions(address, context) {
      const { document } = await read(address, context);
      return document.objectIfThere("versions")?.names ?? [];
    },
    async release(address, version, context) {
      const { config, document } = await read(address, context);
      const chosen = version ?? document.object("dist-tags").text("latest");
      const found = document.objectIfThere("versions")?.objectIfThere(chosen);
      if (found === undefined)
        throw new InstallError("not-found", `${address.text} has no version ${chosen}`);
      const artifact = tarballOf(found.object("dist"), config, transfer);
      return { version: chosen, artifact };
    },
  };
}

function tarballOf(dist: JsonObject, config: NpmConfig, transfer: Transfer) {
  const url = parseUrl(dist.text("tarball"));
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw malformed(dist.where, "tarball must be a URL");
  const fileName = plainName(url.pathname.split("/").at(-1) ?? "", dist.where);
  const credentials = config.credentialsFor(url);
  const integrity = dist.textIfThere("integrity");
  const digests = integrity === undefined ? [] : integrityClaims(integrity, dist.where);
  return { ...remoteFile(transfer, { url: url.href, fileName, credentials }), digests };
}

/** Subresource integrity, `sha512-BASE64`: of several the strongest counts. SHA-1 can be forged, and counts for nothing. */
export function integrityClaims(integrity: string, by: string): readonly ClaimedDigest[] {
  const entries = integrity.trim().split(/\s+/);
  for (const hash of strongHashes) {
    const entry = entries.find((text) => text.startsWith(`${hash}-`));
    if (entry === undefined) continue;
    const bytes = Buffer.from(entry.slice(hash.length + 1).replace(/\?.*$/, ""), "base64");
    if (bytes.length * 8 !== Number(hash.slice(3)))
      throw malformed(by, `${hash} of integrity has another length`);
    return [{ hash, digest: bytes.toString("hex"), by }];
  }
  return [];
}
