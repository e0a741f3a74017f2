import { InstallError } from "../install-error.ts";
import type { SumsDocument } from "../source/sums-document.ts";
import { type Checksum, readChecksumList } from "./checksum-list.ts";
import type { TrustedKey } from "./trusted-key.ts";
import { verifySignatures } from "./verify-signatures.ts";

/** What a list of checksums says of one file. */
export interface VerifiedChecksum {
  readonly hash: Checksum["hash"];
  /** In lower-case hexadecimal. */
  readonly digest: string;
  /** The key whose signature covers the list; undefined where no key was asked for. */
  readonly signedBy: TrustedKey | undefined;
}

/**
 * Reads a file's digest from a list of checksums. With keys, a signature of the list by one of them must be there
 * and true; without keys nothing is known of who wrote it.
 * @param keys those that count; an old one and a new one while keys change
 * @param now at which keys and signatures must be valid
 * @throws InstallError `checksum-missing`, `bad-checksums`, or what `verifySignatures` throws
 */
export async function verifySums(
  document: SumsDocument,
  fileName: string,
  keys: readonly TrustedKey[],
  now: Date,
): Promise<VerifiedChecksum> {
  const signedBy = keys.length === 0 ? undefined : await verifySignatures(document, keys, now);
  const checksums = readChecksumList(document.text, document.origin).get(fileName) ?? [];
  // SHA-256 first, since it is what caches and lock files know files by; weak ones do not count.
  const best = accepted.map((hash) => checksums.find((checksum) => checksum.hash === hash)).find(Boolean);
  if (best !== undefined) return { ...best, signedBy };
  const what = checksums.length === 0 ? "no checksum" : "only weak checksums (MD5, SHA-1)";
  throw new InstallError("checksum-missing", `${document.origin} has ${what} for ${fileName}`, {
    facts: { origin: document.origin, fileName },
  });
}

const accepted: readonly Checksum["hash"][] = ["sha256", "sha512", "sha384"];
