import type { Credentials } from "../transfer/credentials/credentials.ts";
import { parseUrl, showUrl } from "../transfer/show-url.ts";
import { hasScheme } from "./address/split-address.ts";
import type { DocumentReader } from "./read-location.ts";
import type { DetachedSignature, SignatureKind, SumsDocument } from "./sums-document.ts";

/** Finds the list of checksums that belongs to an artefact, with its signatures. */
export interface SumsFinder {
  /** The document at `location`, which must be there. */
  at(location: string, signal: AbortSignal, credentials?: Credentials): Promise<SumsDocument>;
  /** The one that stands by custom beside an artefact: `NAME_VERSION_SHA256SUMS` for `NAME_VERSION_os_arch.zip`. */
  beside(
    location: string,
    fileName: string,
    signal: AbortSignal,
    credentials?: Credentials,
  ): Promise<SumsDocument | undefined>;
}

/** By what stands behind the name of the list. */
export const signatureSuffixes: ReadonlyMap<string, SignatureKind> = new Map([
  [".sig", "openpgp"],
  [".asc", "openpgp"],
  [".minisig", "minisign"],
  [".ed25519", "ed25519"],
]);

const sumsBytes = 1024 * 1024;
const signatureBytes = 64 * 1024;

export function sumsFinder(reader: DocumentReader): SumsFinder {
  const signaturesOf = async (
    location: string,
    options: { signal: AbortSignal; credentials?: Credentials | undefined },
  ) => {
    const found = await Promise.all(
      [...signatureSuffixes].map(async ([suffix, kind]): Promise<DetachedSignature[]> => {
        const origin = withSuffix(location, suffix);
        const bytes = await reader.readIfThere(origin, { ...options, maxBytes: signatureBytes });
        return bytes === undefined ? [] : [{ kind, origin: shown(origin), bytes }];
      }),
    );
    return found.flat();
  };
  return {
    async at(location, signal, credentials) {
      const options = { signal, credentials };
      const text = await reader.read(location, { ...options, maxBytes: sumsBytes });
      return { origin: shown(location), text, signatures: await signaturesOf(location, options) };
    },
    async beside(location, fileName, signal, credentials) {
      const release = releaseOf(fileName);
      if (release === undefined) return undefined;
      const options = { signal, credentials };
      const place = sibling(location, `${release}_SHA256SUMS`);
      const text = await reader.readIfThere(place, { ...options, maxBytes: sumsBytes });
      if (text === undefined) return undefined;
      return { origin: shown(place), text, signatures: await signaturesOf(place, options) };
    },
  };
}

/** `NAME_VERSION` of `NAME_VERSION_os_arch.zip`; undefined for other names, which no list is guessed for. */
export function releaseOf(fileName: string): string | undefined {
  return /^(.+_v?\d+\.\d+\.\d+[^_]*)_[a-z0-9]+_[a-z0-9]+(?:\.|$)/.exec(fileName)?.[1];
}

function shown(location: string): string {
  return hasScheme(location) ? showUrl(location) : location;
}

function sibling(location: string, name: string): string {
  const url = hasScheme(location) ? parseUrl(location) : undefined;
  if (url === undefined) return location.replace(/[^/\\]*$/, name);
  return new URL(encodeURIComponent(name) + url.search, url).href;
}

// The query may be what lets us in: it goes along.
function withSuffix(location: string, suffix: string): string {
  const url = hasScheme(location) ? parseUrl(location) : undefined;
  if (url === undefined) return location + suffix;
  url.pathname += suffix;
  return url.href;
}
