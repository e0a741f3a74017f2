import { InstallError } from "../../install-error.ts";
import { parseUrl, showUrl } from "../../transfer/show-url.ts";
import type { Transfer, TransferRequest } from "../../transfer/transfer.ts";
import { artifactName } from "../artifact-name.ts";
import type { FileArtifact, Getter } from "../getter.ts";
import type { SumsFinder } from "../sums-finder.ts";

/** A program or an archive at a URL. */
export function httpGetter(transfer: Transfer, sums: SumsFinder): Getter {
  return {
    name: "http",
    versions: async () => undefined,
    async release(address, _version, { signal }) {
      const url = parseUrl(address.location);
      if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
        throw new InstallError("bad-source", `${address.text} is no http: or https: URL`);
      const { credentials } = address;
      const fileName = artifactName(address, url.pathname);
      // Whoever said a checksum has said what the bytes are.
      const document =
        address.checksum === undefined
          ? await sums.beside(url.href, fileName, signal, credentials)
          : undefined;
      const artifact = { ...remoteFile(transfer, { url: url.href, fileName, credentials }), sums: document };
      return { version: undefined, artifact };
    },
  };
}

export interface RemoteFile {
  readonly url: string;
  readonly fileName: string;
  /** For the origin of `url`. */
  readonly credentials?: TransferRequest["credentials"];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A file on the web as an artefact, of which nothing is known yet. */
export function remoteFile(
  transfer: Transfer,
  { url, fileName, credentials, headers }: RemoteFile,
): FileArtifact {
  return {
    kind: "file",
    fileName,
    origin: showUrl(url),
    digests: [],
    sums: undefined,
    fetch: (file, { signal, onBytes }) =>
      transfer.download({ url, signal, credentials, ...(headers && { headers }) }, { file, onBytes }),
  };
}
