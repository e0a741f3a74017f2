import type { ClaimedDigest } from "../getter.ts";
import type { JsonObject } from "../json.ts";

/** One release, as far as it matters here. */
export interface GithubRelease {
  readonly tag: string;
  /** Drafts, and what is marked as unfinished without a version that says so. */
  readonly isHidden: boolean;
  readonly assets: readonly GithubAsset[];
}

export interface GithubAsset {
  readonly name: string;
  /** In the API, which gives the bytes to whoever asks for `application/octet-stream`. */
  readonly url: string;
  readonly digests: readonly ClaimedDigest[];
}

export function githubRelease(document: JsonObject): GithubRelease {
  const tag = document.text("tag_name");
  const isUnfinished = document.isTrue("prerelease") && !tag.includes("-");
  return {
    tag,
    isHidden: document.isTrue("draft") || isUnfinished,
    assets: document.objects("assets").map((asset) => ({
      name: asset.text("name"),
      url: asset.text("url"),
      digests: digestOf(asset.textIfThere("digest"), asset.where),
    })),
  };
}

/** The version that a tag is named after, without `v`; undefined for other tags. */
export function versionOfTag(tag: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+(?:[-+].*)?)$/.exec(tag)?.[1];
}

function digestOf(digest: string | undefined, by: string): readonly ClaimedDigest[] {
  const match = /^(sha256|sha512):([0-9a-f]+)$/.exec(digest ?? "");
  return match?.[1] === undefined || match[2] === undefined ? [] : [{ hash: match[1], digest: match[2], by }];
}
