import { InstallError } from "../../install-error.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { Transfer } from "../../transfer/transfer.ts";
import { chooseAsset, isFor } from "../choose-asset.ts";
import type { GetContext, Getter } from "../getter.ts";
import { remoteFile } from "../http/http-getter.ts";
import { JsonObject, malformed } from "../json.ts";
import { allowParameters } from "../parameters.ts";
import { plainName } from "../plain-name.ts";
import type { SourceAddress } from "../source-address.ts";
import type { SumsDocument } from "../sums-document.ts";
import { signatureSuffixes } from "../sums-finder.ts";
import { type GithubAsset, type GithubRelease, githubRelease, versionOfTag } from "./release-document.ts";

const pageSize = 100;
const maxPages = 10;
const documentBytes = 64 * 1024 * 1024;
const sumsName = /(^|[_.-])(sha256sums|checksums)(\.txt)?$/i;

/**
 * The releases of a repository at GitHub, or at a GitHub of one's own: `github.com/OWNER/REPO`,
 * `github::https://git.example.com/OWNER/REPO`. Parameters: `ref`, the tag of one release; `asset`, the name of a file.
 * @param api where the API of github.com is
 */
export function githubGetter(transfer: Transfer, api: string): Getter {
  const read = async (address: SourceAddress, path: string, { signal }: GetContext) => {
    const url = new URL(path, repositoryUrl(address, api));
    const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
    const { credentials } = address;
    const answer = await transfer.read({ url, signal, credentials, headers, maxBytes: documentBytes });
    return { where: showUrl(url), bytes: answer.bytes };
  };
  const releases = async (address: SourceAddress, context: GetContext): Promise<readonly GithubRelease[]> => {
    const found: GithubRelease[] = [];
    for (let page = 1; page <= maxPages; page++) {
      const { bytes, where } = await read(address, `releases?per_page=${pageSize}&page=${page}`, context);
      const documents = JsonObject.parseList(bytes, where);
      found.push(...documents.map(githubRelease));
      if (documents.length < pageSize) break;
    }
    return found.filter((release) => !release.isHidden);
  };
  const releaseOf = async (address: SourceAddress, version: string | undefined, context: GetContext) => {
    const ref = address.parameters.get("ref");
    const tags = ref !== undefined ? [ref] : version === undefined ? [] : [`v${version}`, version];
    if (tags.length === 0) throw new InstallError("no-version-fits", `${address.text} needs a version`);
    for (const tag of tags) {
      const path = `releases/tags/${encodeURIComponent(tag)}`;
      const found = await read(address, path, context).catch(notThere);
      if (found !== undefined) return githubRelease(JsonObject.parse(found.bytes, found.where));
    }
    throw new InstallError("not-found", `${address.text} has no release ${tags.join(" or ")}`);
  };
  return {
    name: "github",
    async versions(address, context) {
      allowParameters(address, "ref", "asset", "archive");
      if (address.parameters.has("ref")) return undefined;
      const found = await releases(address, context);
      const isFitting = ({ assets }: GithubRelease): boolean =>
        address.parameters.has("asset") || assets.some(({ name }) => isFor(name, context.platform));
      const versions = (list: readonly GithubRelease[]) => list.flatMap(({ tag }) => versionOfTag(tag) ?? []);
      const fitting = versions(found.filter(isFitting));
      if (fitting.length === 0 && found.length > 0) throw noneFits(address, context, versions(found));
      return fitting;
    },
    async release(address, version, context) {
      allowParameters(address, "ref", "asset", "archive");
      const release = await releaseOf(address, version, context);
      const names = release.assets.map(({ name }) => name);
      const where = `release ${release.tag} of ${address.text}`;
      const name = chooseAsset(names, context.platform, address.parameters.get("asset"), where);
      const asset = release.assets.find((one) => one.name === name);
      if (asset === undefined) throw new InstallError("not-found", `${where} has no ${name}`);
      const sums = await sumsOf(release, asset, transfer, address, context);
      const file = remoteFile(transfer, { ...download(asset, address), fileName: plainName(name, where) });
      return {
        version: version ?? versionOfTag(release.tag),
        artifact: { ...file, digests: asset.digests, sums },
      };
    },
  };
}

function repositoryUrl(address: SourceAddress, api: string): URL {
  const url = parseUrl(address.location);
  const [, owner = "", name = "", more] = url?.pathname.replace(/\/$/, "").split("/") ?? [];
  if (url?.protocol !== "https:" || owner === "" || name === "" || more !== undefined)
    throw new InstallError("bad-source", `${address.text}: github takes https://HOST/OWNER/REPO`);
  const base = url.hostname === "github.com" ? api.replace(/\/$/, "") : `${url.origin}/api/v3`;
  return new URL(`${base}/repos/${owner}/${name.replace(/\.git$/, "")}/`);
}

function download(asset: GithubAsset, { credentials }: SourceAddress) {
  const url = parseUrl(asset.url);
  if (url === undefined) throw malformed(asset.name, "the address of an asset must be a URL");
  return { url: url.href, credentials, headers: { accept: "application/octet-stream" } };
}

async function sumsOf(
  release: GithubRelease,
  asset: GithubAsset,
  transfer: Transfer,
  address: SourceAddress,
  { signal }: GetContext,
): Promise<SumsDocument | undefined> {
  const named = (name: string): GithubAsset | undefined => release.assets.find((one) => one.name === name);
  const list = named(`${asset.name}.sha256`) ?? release.assets.find(({ name }) => sumsName.test(name));
  if (list === undefined) return undefined;
  const read = async (one: GithubAsset, maxBytes: number): Promise<Uint8Array> =>
    (await transfer.read({ ...download(one, address), signal, maxBytes })).bytes;
  const signatures = await Promise.all(
    [...signatureSuffixes].flatMap(([suffix, kind]) => {
      const signature = named(list.name + suffix);
      return signature === undefined
        ? []
        : [read(signature, 64 * 1024).then((bytes) => ({ kind, origin: showUrl(signature.url), bytes }))];
    }),
  );
  return { origin: showUrl(list.url), text: await read(list, 1024 * 1024), signatures };
}

function notThere(error: unknown): undefined {
  if (error instanceof InstallError && error.code === "not-found") return undefined;
  throw error;
}

function noneFits(
  address: SourceAddress,
  { platform }: GetContext,
  versions: readonly string[],
): InstallError {
  const name = `${platform.os}_${platform.arch}`;
  const some = versions.slice(0, 10).join(", ");
  return new InstallError(
    "no-platform-fits",
    `no release of ${address.text} is for ${name}; there are ${some}`,
    {
      facts: { source: address.text, platform: name, versions },
    },
  );
}
