import type { CachedFile } from "../cache/artifact-cache.ts";
import { isCode } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import type { ClaimedDigest, FileArtifact, TreeArtifact } from "../source/getter.ts";
import type { SumsDocument } from "../source/sums-document.ts";
import { parseArtifactName, platformName } from "../store/program-name.ts";
import { type Checksum, readChecksumList } from "../verify/checksum-list.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { sameDigest } from "../verify/same-digest.ts";
import { treeDigest } from "../verify/tree-digest.ts";
import { type VerifiedChecksum, verifySums } from "../verify/verify-sums.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** What was found true. */
export interface Verified {
  /** Hashes for other platforms, from a list that a pinned key has signed. */
  readonly others: Readonly<Record<string, readonly string[]>>;
}

/**
 * Holds a fetched file against everything that is said of it: the lock file, the source's own digests, and the list
 * of checksums with its signature.
 *
 * @throws InstallError `checksum-mismatch`, `lock-mismatch`, `checksum-missing`, `signature-missing` and what a wrong
 * signature or an old key gives
 */
export async function verifyArtifact(
  artifact: FileArtifact,
  file: CachedFile,
  locked: readonly string[] | undefined,
  trust: TrustPolicy,
): Promise<Verified> {
  const { fileName, origin, sums } = artifact;
  checkLocked(origin, `sha256:${file.digest}`, locked);
  for (const claim of artifact.digests.filter(({ hash }) => hash !== "h1"))
    await checkClaim(origin, file, claim);
  if (wantsSignature(trust) && (sums === undefined || trust.keys.length === 0)) {
    const why = sums === undefined ? "no list of checksums (SHA256SUMS) comes with it" : "it trusts none";
    throw unsigned(origin, why);
  }
  if (sums === undefined) {
    if (trust.require === "checksum" && artifact.digests.length === 0) throw unvouched(origin);
    return { others: {} };
  }
  const listed = await readListed(sums, fileName, locked, trust);
  if (listed === undefined) return { others: {} };
  await checkClaim(origin, file, { hash: listed.hash, digest: listed.digest, by: sums.origin });
  if (listed.signedBy === undefined) return { others: {} };
  return { others: otherPlatforms(fileName, readChecksumList(sums.text, sums.origin)) };
}

/** What the list says; undefined where its key has expired since the very bytes were locked, which are known by that. */
async function readListed(
  sums: SumsDocument,
  fileName: string,
  locked: readonly string[] | undefined,
  { keys }: TrustPolicy,
): Promise<VerifiedChecksum | undefined> {
  try {
    return await verifySums(sums, fileName, keys, new Date());
  } catch (error) {
    if (locked !== undefined && isCode(error, "key-expired", "signature-expired")) return undefined;
    throw error;
  }
}

/**
 * What is claimed of an archive's content (`h1`), once that lies in a folder.
 * @throws InstallError `checksum-mismatch`
 */
export async function verifyContent({ origin, digests }: FileArtifact, folder: string): Promise<void> {
  for (const { digest, by } of digests.filter(({ hash }) => hash === "h1")) {
    const found = await treeDigest(folder);
    if (found !== `h1:${digest}`) throw mismatch(origin, "h1", found, `h1:${digest}`, by);
  }
}

/** The same for a folder, of which nothing is known but its digest. */
export function verifyTree(
  { origin }: TreeArtifact,
  digest: string,
  locked: readonly string[] | undefined,
  trust: TrustPolicy,
): void {
  checkLocked(origin, digest, locked);
  if (wantsSignature(trust)) throw unsigned(origin, "a folder or a git checkout has no signature");
  if (trust.require === "checksum" && locked === undefined) throw unvouched(origin);
}

function wantsSignature({ require, keys }: TrustPolicy): boolean {
  return require === "signature" || keys.length > 0;
}

function checkLocked(origin: string, digest: string, locked: readonly string[] | undefined): void {
  if (locked === undefined || locked.some((hash) => sameDigest(hash, digest))) return;
  throw new InstallError(
    "lock-mismatch",
    `${origin} is not what the lock file has: its digest is ${digest}, and expected is ${locked.join(" or ")}; if it was ` +
      "changed on purpose, update the plugin",
    { facts: { origin, found: digest, locked } },
  );
}

async function checkClaim(
  origin: string,
  file: CachedFile,
  { hash, digest, by }: ClaimedDigest,
): Promise<void> {
  const found = hash === "sha256" ? file.digest : await fileDigest(file.path, hash);
  if (sameDigest(found, digest.toLowerCase())) return;
  throw mismatch(origin, hash, found, digest, by);
}

function mismatch(origin: string, hash: string, found: string, expected: string, by: string): InstallError {
  return new InstallError(
    "checksum-mismatch",
    `${origin} is not what it should be: its ${hash} is ${found}, and ${by} says ${expected}; nothing was installed`,
    { facts: { origin, hash, found, expected, by } },
  );
}

/** `kv_1.2.3_darwin_arm64.zip` of a list that has `kv_1.2.3_linux_amd64.zip`. */
function otherPlatforms(
  fileName: string,
  list: ReadonlyMap<string, readonly Checksum[]>,
): Record<string, string[]> {
  const own = parseArtifactName(fileName);
  const others: Record<string, string[]> = {};
  for (const [name, checksums] of list) {
    const other = parseArtifactName(name);
    const digests = checksums.filter(({ hash }) => hash === "sha256").map(({ digest }) => `sha256:${digest}`);
    if (own === undefined || other?.platform === undefined || name === fileName || digests.length === 0)
      continue;
    if (other.name === own.name && other.version === own.version)
      others[platformName(other.platform)] = digests;
  }
  return others;
}

function unsigned(origin: string, why: string): InstallError {
  return new InstallError(
    "signature-missing",
    `${origin} must be signed by a key that this host trusts, and ${why}; nothing was installed`,
    { facts: { origin } },
  );
}

function unvouched(origin: string): InstallError {
  return new InstallError(
    "checksum-missing",
    `nothing says what ${origin} must be: neither a checksum in its source nor a list of checksums beside it`,
    { facts: { origin } },
  );
}
