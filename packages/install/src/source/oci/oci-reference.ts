import { InstallError } from "../../install-error.ts";
import { parseUrl } from "../../transfer/show-url.ts";
import type { SourceAddress } from "../source-address.ts";

/** `oci://HOST/REPOSITORY`, with `:TAG` or `@sha256:DIGEST` if it is to be one thing. */
export interface OciReference {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Of the distribution API, for this repository; ends with a slash. */
  readonly base: URL;
}

const pattern =
  /^\/?([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([A-Za-z0-9_][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** @throws InstallError `bad-source` */
export function ociReference(address: SourceAddress): OciReference {
  const url = parseUrl(address.location.replace(/^(?!oci:\/\/)/, "oci://").replace(/^oci:/, "https:"));
  const [, repository, tag, digest] = pattern.exec(url?.pathname ?? "") ?? [];
  if (url === undefined || repository === undefined)
    throw new InstallError(
      "bad-source",
      `${address.text}: oci://HOST/REPOSITORY is expected, with :TAG or @sha256:…`,
    );
  // Docker's registry has another name than its images.
  const host = url.host === "docker.io" ? "registry-1.docker.io" : url.host;
  return { repository, tag, digest, base: new URL(`https://${host}/v2/${repository}/`) };
}
