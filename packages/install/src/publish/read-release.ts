import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpack } from "../archive/unpack.ts";
import { InstallError } from "../install-error.ts";
import type { DetachedSignature } from "../source/sums-document.ts";
import { signatureSuffixes } from "../source/sums-finder.ts";
import { parseArtifactName, platformName } from "../store/program-name.ts";
import { readChecksumList } from "../verify/checksum-list.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { treeDigest } from "../verify/tree-digest.ts";

/** What `pack` and `sign` have made of one version. */
export interface ReleaseFiles {
  readonly name: string;
  readonly version: string;
  readonly archives: readonly ReleaseArchive[];
  readonly checksums: { readonly fileName: string; readonly text: Uint8Array };
  readonly signatures: readonly (DetachedSignature & { readonly fileName: string })[];
}

export interface ReleaseArchive {
  readonly fileName: string;
  readonly path: string;
  /** `linux_amd64`. */
  readonly platform: string;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** The name of a list of checksums of one release. */
const listName = /^(?<release>.+)_SHA256SUMS$/;

/**
 * Reads a folder's release: the archives that its list of checksums names, each of them as the list has it.
 * @param list the path of the list, where the folder has several
 * @throws InstallError `not-found`, `bad-checksums`, `checksum-mismatch`
 */
export async function readRelease(folder: string, list?: string): Promise<ReleaseFiles> {
  const names = await readdir(folder);
  const fileName = list ?? onlyList(folder, names);
  const text = await readFile(join(folder, fileName));
  const archives: ReleaseArchive[] = [];
  let of: { readonly name: string; readonly version: string } | undefined;
  for (const [file, checksums] of readChecksumList(text, fileName)) {
    const parsed = parseArtifactName(file);
    if (parsed?.platform === undefined || !file.endsWith(".zip")) throw badName(fileName, file);
    of ??= parsed;
    if (of.name !== parsed.name || of.version !== parsed.version) throw badName(fileName, file);
    const path = join(folder, file);
    const digest = await fileDigest(path, "sha256");
    if (!checksums.some((checksum) => checksum.hash === "sha256" && checksum.digest === digest)) {
      throw new InstallError(
        "checksum-mismatch",
        `${file} is not what ${fileName} says of it; pack and sign it again`,
      );
    }
    archives.push({ fileName: file, path, platform: platformName(parsed.platform), digest });
  }
  if (of === undefined) throw new InstallError("not-found", `${fileName} names no archive`);
  const { name, version } = of;
  const signatures = await readSignatures(folder, fileName, names);
  return { name, version, archives, checksums: { fileName, text }, signatures };
}

/** The `h1:` hash of what is in an archive, which is unpacked for it: what cannot be installed is not published. */
export async function contentHash(archive: ReleaseArchive): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "drawbar-publish-"));
  try {
    const folder = join(scratch, "content");
    await unpack(archive.path, folder, { fileName: archive.fileName });
    return await treeDigest(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function readSignatures(folder: string, fileName: string, names: readonly string[]) {
  const found = [...signatureSuffixes].filter(([suffix]) => names.includes(fileName + suffix));
  return Promise.all(
    found.map(async ([suffix, kind]) => {
      const bytes = await readFile(join(folder, fileName + suffix));
      return { kind, origin: fileName + suffix, fileName: fileName + suffix, bytes };
    }),
  );
}

function onlyList(folder: string, names: readonly string[]): string {
  const lists = names.filter((name) => listName.test(name));
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  const found =
    lists.length === 0 ? "no list of checksums (NAME_VERSION_SHA256SUMS)" : `several: ${lists.join(", ")}`;
  throw new InstallError("not-found", `${folder} has ${found}`, { facts: { folder, lists } });
}

function badName(list: string, file: string): InstallError {
  return new InstallError(
    "bad-source",
    `${list} names ${file}: archives of one release are expected, named NAME_VERSION_os_arch.zip`,
  );
}
