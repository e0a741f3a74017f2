/** What a program was built for, in Go's words: `linux`, `darwin`, `windows`; `amd64`, `arm64`, `386`. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

const goSystems: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };
const goArchitectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", ppc64: "ppc64le" };

/** The platform of this process. */
export function thisPlatform(): Platform {
  const { platform, arch } = process;
  return { os: goSystems[platform] ?? platform, arch: goArchitectures[arch] ?? arch };
}

/** Reads `linux_arm64`; undefined for what is no platform. */
export function readPlatform(text: string): Platform | undefined {
  const [, os, arch] = /^([a-z0-9]+)_([a-z0-9]+)$/.exec(text) ?? [];
  return os === undefined || arch === undefined ? undefined : { os, arch };
}
