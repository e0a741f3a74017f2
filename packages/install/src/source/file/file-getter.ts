import { rm, stat } from "node:fs/promises";
import { InstallError } from "../../install-error.ts";
import { artifactName } from "../artifact-name.ts";
import type { FileArtifact, Getter, Release, TreeArtifact } from "../getter.ts";
import type { SourceAddress } from "../source-address.ts";
import type { SumsFinder } from "../sums-finder.ts";
import { copyFileWithin } from "./copy-file.ts";
import { copyTree, type TreeBounds } from "./copy-tree.ts";

/** A program, an archive or a folder of this machine. What is there is copied: the source may change or go. */
export function fileGetter(bounds: TreeBounds, sums: SumsFinder): Getter {
  return {
    name: "file",
    versions: async () => undefined,
    async release(address, _version, context): Promise<Release> {
      const stats = await stat(address.location).catch((cause: unknown) => {
        throw new InstallError("not-found", `there is nothing at ${address.location}`, { cause });
      });
      if (stats.isDirectory()) return { version: undefined, artifact: tree(address, bounds) };
      if (!stats.isFile())
        throw new InstallError("refused", `${address.location} is neither a file nor a folder`);
      const fileName = artifactName(address, address.location);
      const document = await sums.beside(address.location, fileName, context.signal);
      return {
        version: undefined,
        artifact: { ...localFile(address.location, fileName, bounds), sums: document },
      };
    },
  };
}

/** A file of this machine as an artefact. */
export function localFile(path: string, fileName: string, { maxBytes }: TreeBounds): FileArtifact {
  return {
    kind: "file",
    fileName,
    origin: path,
    digests: [],
    sums: undefined,
    async fetch(file, { signal, onBytes }) {
      try {
        await copyFileWithin(path, file, { maxBytes, mode: 0o600, signal }, onBytes);
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
  };
}

/** A folder of this machine as an artefact. */
export function localTree(path: string, bounds: TreeBounds): TreeArtifact {
  return {
    kind: "tree",
    origin: path,
    fetch: (folder, { signal, onBytes }) =>
      copyTree(path, folder, bounds, signal, (received) => onBytes(received, undefined)),
  };
}

function tree(address: SourceAddress, bounds: TreeBounds): TreeArtifact {
  if (address.checksum !== undefined)
    throw new InstallError("bad-source", `${address.location} is a folder: a checksum is for files`);
  return localTree(address.location, bounds);
}
