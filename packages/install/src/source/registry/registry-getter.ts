import { InstallError } from "../../install-error.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { Transfer } from "../../transfer/transfer.ts";
import type { ClaimedDigest, Getter, Release } from "../getter.ts";
import { remoteFile } from "../http/http-getter.ts";
import { JsonObject, malformed } from "../json.ts";
import { allowParameters } from "../parameters.ts";
import { plainName } from "../plain-name.ts";
import type { Platform } from "../platform.ts";
import type { SumsDocument } from "../sums-document.ts";
import type { SumsFinder } from "../sums-finder.ts";
import { discoverProviders } from "./discovery.ts";

/** `HOST/NAMESPACE/TYPE` by Terraform's provider registry protocol, version 1. */
export function registryGetter(transfer: Transfer, sums: SumsFinder): Getter {
  const services = new Map<string, Promise<URL>>();
  const serviceOf = (host: string, signal: AbortSignal): Promise<URL> => {
    const known = services.get(host) ?? discoverProviders(host, transfer, signal);
    services.set(host, known);
    // A failure is not kept: the next one may ask again.
    known.catch(() => services.delete(host));
    return known;
  };
  const read = async (location: string, path: string, signal: AbortSignal) => {
    const [host = "", ...names] = location.split("/");
    const url = new URL([...names, path].join("/"), await serviceOf(host, signal));
    const answer = await transfer.read({ url, signal, headers: { accept: "application/json" } });
    return { base: answer.url, answer: JsonObject.parse(answer.bytes, showUrl(answer.url)) };
  };
  return {
    name: "registry",
    async versions(address, { signal, platform }) {
      allowParameters(address);
      const { answer } = await read(address.location, "versions", signal);
      const versions = answer.objects("versions");
      const fitting = versions.filter((version) => isFor(version, platform));
      if (fitting.length === 0 && versions.length > 0) throw noneFor(address.location, platform, versions);
      return fitting.map((version) => version.text("version"));
    },
    async release(address, version, context) {
      if (version === undefined) throw new InstallError("no-version-fits", `${address.text} needs a version`);
      const { os, arch } = context.platform;
      const path = ["", version, "download", os, arch].map(encodeURIComponent).join("/").slice(1);
      const { base, answer } = await read(address.location, path, context.signal);
      return packageOf({ answer, base, transfer, sums, signal: context.signal }, version);
    },
  };
}

/** A registry's answer, and what reads the documents that it names. */
interface Answered {
  readonly answer: JsonObject;
  readonly base: URL;
  readonly transfer: Transfer;
  readonly sums: SumsFinder;
  readonly signal: AbortSignal;
}

async function packageOf(answered: Answered, version: string): Promise<Release> {
  const { answer, base, transfer } = answered;
  const url = linkOf(answer, "download_url", base);
  const fileName = plainName(answer.text("filename"), answer.where);
  const shasum = answer.textIfThere("shasum");
  const artifact = {
    ...remoteFile(transfer, { url, fileName }),
    digests: shasum === undefined ? [] : [claim(shasum, answer.where)],
    sums: await sumsOf(answered),
  };
  return { version, artifact };
}

async function sumsOf({ answer, base, transfer, sums, signal }: Answered): Promise<SumsDocument | undefined> {
  if (answer.textIfThere("shasums_url") === undefined) return undefined;
  const url = linkOf(answer, "shasums_url", base);
  // One that names no signature may have one beside the list, of a kind that Terraform does not know.
  if (answer.textIfThere("shasums_signature_url") === undefined) return sums.at(url, signal);
  const list = await transfer.read({ url, signal, maxBytes: 1024 * 1024 });
  const offeredKeys = (answer.objectIfThere("signing_keys")?.objects("gpg_public_keys") ?? []).map((key) =>
    key.text("ascii_armor"),
  );
  const signatureUrl = linkOf(answer, "shasums_signature_url", base);
  const { bytes } = await transfer.read({ url: signatureUrl, signal, maxBytes: 64 * 1024 });
  const signature = { kind: "openpgp", origin: showUrl(signatureUrl), bytes } as const;
  return { origin: showUrl(url), text: list.bytes, offeredKeys, signatures: [signature] };
}

function linkOf(answer: JsonObject, name: string, base: URL): string {
  const url = parseUrl(answer.text(name), base);
  if (url?.protocol !== "https:") throw malformed(answer.where, `${name} must be an https: URL`);
  return url.href;
}

function claim(shasum: string, by: string): ClaimedDigest {
  const digest = shasum.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest)) throw malformed(by, "shasum must be a SHA-256 in hexadecimal");
  return { hash: "sha256", digest, by };
}

// Platforms that are not said are not ruled out.
function isFor(version: JsonObject, { os, arch }: Platform): boolean {
  const platforms = version.objects("platforms");
  return (
    platforms.length === 0 || platforms.some((one) => one.text("os") === os && one.text("arch") === arch)
  );
}

function noneFor(location: string, { os, arch }: Platform, versions: readonly JsonObject[]): InstallError {
  const found = versions.map((version) => version.text("version"));
  const some = found.slice(-10).join(", ");
  return new InstallError(
    "no-platform-fits",
    `no version of ${location} is for ${os}_${arch}; there are ${some}`,
    {
      facts: { location, platform: `${os}_${arch}`, versions: found },
    },
  );
}
