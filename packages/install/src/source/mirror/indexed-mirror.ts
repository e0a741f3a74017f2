import { dirname, join, resolve } from "node:path";
import { InstallError } from "../../install-error.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import { hasScheme } from "../address/split-address.ts";
import { localFile } from "../file/file-getter.ts";
import type { ClaimedDigest, FileArtifact, GetContext } from "../getter.ts";
import { remoteFile } from "../http/http-getter.ts";
import { JsonObject, malformed } from "../json.ts";
import { plainName } from "../plain-name.ts";
import type { SourceAddress } from "../source-address.ts";
import type { MirrorLayout, MirrorParts } from "./mirror-parts.ts";

const documentBytes = 4 * 1024 * 1024;

/** Terraform's provider network mirror protocol: `index.json` and `VERSION.json`, from a web server or a folder. */
export function indexedMirror({ transfer, reader, sums, bounds }: MirrorParts): MirrorLayout {
  const read = async (address: SourceAddress, name: string, { signal }: GetContext) => {
    const location = within(address.location, name);
    const options = { signal, credentials: address.credentials, maxBytes: documentBytes };
    const bytes = await reader.read(location, options);
    return { location, document: JsonObject.parse(bytes, shown(location)) };
  };
  const fileOf = async (
    place: string,
    address: SourceAddress,
    signal: AbortSignal,
  ): Promise<FileArtifact> => {
    const fileName = nameOf(place);
    // The user's credentials are for the mirror. What it has elsewhere does not get them.
    const isAtHome = parseUrl(place)?.origin === parseUrl(address.location)?.origin;
    const credentials = isAtHome ? address.credentials : undefined;
    const file = hasScheme(place)
      ? remoteFile(transfer, { url: place, fileName, credentials })
      : localFile(place, fileName, bounds);
    return { ...file, sums: await sums.beside(place, fileName, signal, credentials) };
  };
  return {
    async versions(address, context) {
      const { document } = await read(address, "index.json", context);
      return document.object("versions").names;
    },
    async release(address, version, context) {
      if (version === undefined) throw new InstallError("no-version-fits", `${address.text} needs a version`);
      const name = plainName(`${version}.json`, address.text);
      const { location, document } = await read(address, name, context);
      const archives = document.object("archives");
      const platform = `${context.platform.os}_${context.platform.arch}`;
      const archive = archives.objectIfThere(platform);
      if (archive === undefined) throw noPlatform(address, version, platform, archives.names);
      const file = await fileOf(link(archive.text("url"), location), address, context.signal);
      return { version, artifact: { ...file, digests: claims(archive) } };
    },
  };
}

// One of several hashes has to be true: `zh` of the archive's bytes, else `h1` of what is in it.
function claims(archive: JsonObject): readonly ClaimedDigest[] {
  const hashes = archive.texts("hashes");
  const zips = hashes.filter((hash) => hash.startsWith("zh:"));
  const [zip] = zips;
  if (zip !== undefined) {
    if (zips.length > 1) throw malformed(archive.where, "an archive can have one zh: hash only");
    const digest = zip.slice(3).toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(digest))
      throw malformed(archive.where, "zh: must be a SHA-256 in hexadecimal");
    return [{ hash: "sha256", digest, by: archive.where }];
  }
  return hashes
    .filter((hash) => hash.startsWith("h1:"))
    .map((hash) => ({ hash: "h1", digest: hash.slice(3), by: archive.where }));
}

function within(location: string, name: string): string {
  if (!hasScheme(location)) return join(location, name);
  return new URL(encodeURIComponent(name), location.endsWith("/") ? location : `${location}/`).href;
}

function link(url: string, location: string): string {
  if (hasScheme(url)) return url;
  return hasScheme(location)
    ? new URL(url, location).href
    : resolve(dirname(location), decodeURIComponent(url));
}

function nameOf(location: string): string {
  const path = hasScheme(location) ? (parseUrl(location)?.pathname ?? "") : location;
  return plainName(decodeURIComponent(path.split(/[/\\]/).at(-1) ?? ""), shown(location));
}

function shown(location: string): string {
  return hasScheme(location) ? showUrl(location) : location;
}

function noPlatform(
  address: SourceAddress,
  version: string,
  platform: string,
  found: readonly string[],
): InstallError {
  const list = found.length === 0 ? "nothing" : found.join(", ");
  return new InstallError(
    "no-platform-fits",
    `${address.text} has ${version} for ${list}, not for ${platform}`,
    {
      facts: { source: address.text, version, platform, found },
    },
  );
}
