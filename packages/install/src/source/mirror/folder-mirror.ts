import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../../install-error.ts";
import { localFile, localTree } from "../file/file-getter.ts";
import type { SourceAddress } from "../source-address.ts";
import type { MirrorLayout, MirrorParts } from "./mirror-parts.ts";

const packed = /^.+_(\d+\.\d+\.\d+[^_]*)_([a-z0-9]+_[a-z0-9]+)\.zip$/;
const versionName = /^\d+\.\d+\.\d+[\w.+-]*$/;

/** What a folder has for one version and platform. */
interface Entry {
  readonly version: string;
  readonly platform: string;
  readonly path: string;
  readonly kind: "packed" | "unpacked";
}

/**
 * Terraform's filesystem mirror: `terraform-provider-TYPE_VERSION_os_arch.zip` or `VERSION/os_arch/…`, in the folder of
 * one provider.
 */
export function folderMirror({ sums, bounds }: MirrorParts): MirrorLayout {
  return {
    async versions(address, { platform }) {
      const entries = await entriesOf(address);
      const name = `${platform.os}_${platform.arch}`;
      const fitting = entries.filter((entry) => entry.platform === name);
      if (fitting.length === 0 && entries.length > 0) throw noPlatform(address, name, entries);
      return [...new Set(fitting.map((entry) => entry.version))];
    },
    async release(address, version, { platform, signal }) {
      const name = `${platform.os}_${platform.arch}`;
      const entries = await entriesOf(address);
      const fitting = entries.filter((entry) => entry.version === version && entry.platform === name);
      // What is packed can be compared with a list of checksums as it is.
      const entry = fitting.find(({ kind }) => kind === "packed") ?? fitting[0];
      if (entry === undefined) throw noPlatform(address, name, entries);
      if (entry.kind === "unpacked") return { version, artifact: localTree(entry.path, bounds) };
      const fileName = entry.path.slice(address.location.length).replace(/^[/\\]+/, "");
      const document = await sums.beside(entry.path, fileName, signal);
      return { version, artifact: { ...localFile(entry.path, fileName, bounds), sums: document } };
    },
  };
}

async function entriesOf(address: SourceAddress): Promise<readonly Entry[]> {
  const names = await readdir(address.location).catch((cause: unknown) => {
    throw new InstallError("not-found", `there is no mirror at ${address.location}`, { cause });
  });
  const entries = await Promise.all(
    names.map(async (name): Promise<readonly Entry[]> => {
      const path = join(address.location, name);
      const [, version, platform] = packed.exec(name) ?? [];
      if (version !== undefined && platform !== undefined)
        return [{ version, platform, path, kind: "packed" }];
      return versionName.test(name) ? unpackedIn(path, name) : [];
    }),
  );
  return entries.flat();
}

async function unpackedIn(folder: string, version: string): Promise<readonly Entry[]> {
  const platforms = await readdir(folder).catch(() => []);
  const entries = platforms.map(async (platform): Promise<readonly Entry[]> => {
    const path = join(folder, platform);
    const isFolder = (await stat(path)).isDirectory();
    return isFolder && /^[a-z0-9]+_[a-z0-9]+$/.test(platform)
      ? [{ version, platform, path, kind: "unpacked" }]
      : [];
  });
  return (await Promise.all(entries)).flat();
}

function noPlatform(address: SourceAddress, platform: string, entries: readonly Entry[]): InstallError {
  const found = entries.map((entry) => `${entry.version} for ${entry.platform}`);
  const list = found.length === 0 ? "nothing" : found.slice(0, 20).join(", ");
  return new InstallError(
    "no-platform-fits",
    `${address.text} has ${list}, and not what is needed for ${platform}`,
    {
      facts: { source: address.text, platform, found },
    },
  );
}
