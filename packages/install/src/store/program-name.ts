import type { Platform } from "../source/platform.ts";
import { readVersion } from "../version/parse-version.ts";

/** What a program's file name tells. */
export interface ProgramName {
  readonly name: string;
  readonly version: string;
  /** undefined: for whatever machine it lies on. */
  readonly platform: Platform | undefined;
}

// `_x5` and the like say go-plugin's protocol version, in the file names of Terraform's and Packer's plugins.
const shape =
  /^(?<name>.+?)_v?(?<version>\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)(?:_x\d+(?:\.\d+)?)?(?:_(?<os>[a-z0-9]+)_(?<arch>[a-z0-9]+))?$/;

/**
 * Reads `NAME_v1.2.3`, `NAME_v1.2.3_os_arch`, both with `.exe` or without. undefined for other names.
 * The `v` may be missing, as in the names of archives.
 */
export function parseProgramName(fileName: string): ProgramName | undefined {
  const groups = shape.exec(fileName.replace(/\.exe$/i, ""))?.groups;
  if (groups === undefined) return undefined;
  const { name = "", version = "", os, arch } = groups;
  if (readVersion(version) === undefined) return undefined;
  return { name, version, platform: os === undefined || arch === undefined ? undefined : { os, arch } };
}

/** The same for an archive, such as `NAME_1.2.3_os_arch.zip`. */
export function parseArtifactName(fileName: string): ProgramName | undefined {
  return parseProgramName(fileName.replace(/(?:\.tar)?\.(?:zip|tar|gz|tgz|xz|txz|zst|tzst|bz2|tbz2)$/i, ""));
}

/** `kv_v1.2.3`, and `.exe` where Windows wants it. */
export function formatProgramName(name: string, version: string, platform: Platform): string {
  return `${name}_v${version}${platform.os === "windows" ? ".exe" : ""}`;
}

/** `linux_amd64`: in file names, folders and the lock file. */
export function platformName({ os, arch }: Platform): string {
  return `${os}_${arch}`;
}
