import { createHash } from "node:crypto";
import { InstallError } from "../../install-error.ts";
import { chooseAsset } from "../choose-asset.ts";
import { type JsonObject, malformed } from "../json.ts";
import { plainName } from "../plain-name.ts";
import type { Platform } from "../platform.ts";

/** The layer of a manifest that is the plugin. */
export interface OciLayer {
  readonly digest: string;
  readonly fileName: string;
}

const endings: readonly (readonly [RegExp, string])[] = [
  [/zip$/, ".zip"],
  [/tar\+gzip$|tar\.gzip$/, ".tar.gz"],
  [/tar\+zstd$/, ".tar.zst"],
  [/\btar$/, ".tar"],
];

/** The manifest for a platform, if the document is a list of manifests; undefined if it is itself a manifest. */
export function manifestFor(document: JsonObject, { os, arch }: Platform, where: string): string | undefined {
  const manifests = document.objects("manifests");
  if (manifests.length === 0) return undefined;
  const platforms = manifests.map((manifest) => manifest.objectIfThere("platform"));
  const names = platforms.map(
    (platform) => `${platform?.textIfThere("os")}_${platform?.textIfThere("architecture")}`,
  );
  const found = manifests[names.indexOf(`${os}_${arch}`)];
  if (found !== undefined) return digestText(found.text("digest"), where);
  throw new InstallError(
    "no-platform-fits",
    `${where} has nothing for ${os}_${arch}, but ${names.join(", ")}`,
    {
      facts: { platform: `${os}_${arch}`, found: names },
    },
  );
}

/** The only layer, or of several the one whose title names the platform. */
export function layerFor(document: JsonObject, platform: Platform, where: string, stem: string): OciLayer {
  const layers = document.objects("layers").map((layer) => ({
    digest: digestText(layer.text("digest"), where),
    type: layer.textIfThere("mediaType") ?? "",
    title: layer.objectIfThere("annotations")?.textIfThere("org.opencontainers.image.title"),
  }));
  const titles = layers.flatMap(({ title }) => title ?? []);
  const name = layers.length > 1 ? chooseAsset(titles, platform, undefined, where) : titles[0];
  const layer = layers.find(({ title }) => title === name);
  if (layer === undefined) throw malformed(where, "it has no layers");
  const ending = endings.find(([pattern]) => pattern.test(layer.type))?.[1] ?? "";
  return { digest: layer.digest, fileName: plainName(layer.title ?? `${stem}${ending}`, where) };
}

/**
 * Compares a document with the digest that it was asked for by.
 * @throws InstallError `checksum-mismatch`
 */
export function checkDocument(bytes: Uint8Array, digest: string, where: string): void {
  const found = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  if (found !== digest)
    throw new InstallError(
      "checksum-mismatch",
      `${where} has the digest ${found}, and ${digest} was asked for`,
    );
}

function digestText(digest: string, where: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw malformed(where, "a digest must be sha256:HEX");
  return digest;
}
