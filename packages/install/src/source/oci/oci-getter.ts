import { InstallError } from "../../install-error.ts";
import type { CredentialFinder } from "../../transfer/credentials/credential-finder.ts";
import { showUrl } from "../../transfer/show-url.ts";
import type { Transfer } from "../../transfer/transfer.ts";
import type { Getter } from "../getter.ts";
import { remoteFile } from "../http/http-getter.ts";
import { JsonObject } from "../json.ts";
import { allowParameters } from "../parameters.ts";
import type { SourceAddress } from "../source-address.ts";
import { type OciSession, ociSession } from "./oci-login.ts";
import { checkDocument, layerFor, manifestFor } from "./oci-manifest.ts";
import { ociReference } from "./oci-reference.ts";

const accept = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");
const maxPages = 10;
const documentBytes = 4 * 1024 * 1024;

/**
 * An artefact in a container registry, by the OCI distribution specification 1.1: `oci://HOST/REPOSITORY:TAG`. Without a
 * tag, tags such as `v1.2.3` are its versions. The plugin is the only layer of a manifest, or the one whose title names
 * the platform, as `oras push` makes them.
 */
export function ociGetter(transfer: Transfer, finder: CredentialFinder): Getter {
  return {
    name: "oci",
    async versions(address, { signal }) {
      allowParameters(address);
      const reference = ociReference(address);
      if (reference.tag !== undefined || reference.digest !== undefined) return undefined;
      const tags = await tagsOf(ociSession(transfer, finder, reference, address), signal);
      return tags.flatMap((tag) => /^v?(\d+\.\d+\.\d+(?:-.*)?)$/.exec(tag)?.[1] ?? []);
    },
    async release(address, version, { signal, platform }) {
      allowParameters(address);
      const reference = ociReference(address);
      const session = ociSession(transfer, finder, reference, address);
      const stem = `${reference.repository.split("/").at(-1)}_${platform.os}_${platform.arch}`;
      const { name, document } = await topDocument(session, wantedNames(address, version), address, signal);
      const inner = manifestFor(document, platform, address.text);
      const manifest = inner === undefined ? document : await readManifest(session, inner, address, signal);
      const layer = layerFor(manifest, platform, `${address.text} ${name}`, stem);
      const url = new URL(`blobs/${layer.digest}`, reference.base);
      const file = remoteFile(transfer, {
        url: url.href,
        fileName: layer.fileName,
        credentials: session.credentials(),
      });
      const digests = [{ hash: "sha256", digest: layer.digest.slice("sha256:".length), by: showUrl(url) }];
      return { version, artifact: { ...file, digests } };
    },
  };
}

function wantedNames(address: SourceAddress, version: string | undefined): readonly string[] {
  const { tag, digest } = ociReference(address);
  if (digest !== undefined) return [digest];
  if (tag !== undefined) return [tag];
  return version === undefined ? ["latest"] : [`v${version}`, version];
}

async function topDocument(
  session: OciSession,
  names: readonly string[],
  address: SourceAddress,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly document: JsonObject }> {
  for (const name of names) {
    try {
      return { name, document: await readManifest(session, name, address, signal) };
    } catch (error) {
      if (!(error instanceof InstallError) || error.code !== "not-found") throw error;
    }
  }
  throw new InstallError("not-found", `${address.text} has no ${names.join(" or ")}`);
}

async function readManifest(
  session: OciSession,
  name: string,
  address: SourceAddress,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { bytes, url } = await session.read(`manifests/${name}`, {
    signal,
    headers: { accept },
    maxBytes: documentBytes,
  });
  if (name.startsWith("sha256:")) checkDocument(bytes, name, `${address.text} ${name}`);
  return JsonObject.parse(bytes, showUrl(url));
}

async function tagsOf(session: OciSession, signal: AbortSignal): Promise<readonly string[]> {
  const tags: string[] = [];
  let path = "tags/list?n=1000";
  for (let page = 0; page < maxPages && path !== ""; page++) {
    const { bytes, url, headers } = await session.read(path, { signal, maxBytes: documentBytes });
    tags.push(...JsonObject.parse(bytes, showUrl(url)).texts("tags"));
    const last = tags.at(-1);
    const hasMore = /;\s*rel="?next/.test(headers.get("link") ?? "") && last !== undefined;
    path = hasMore ? `tags/list?n=1000&last=${encodeURIComponent(last)}` : "";
  }
  return tags;
}
