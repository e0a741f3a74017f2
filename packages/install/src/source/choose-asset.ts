import { InstallError } from "../install-error.ts";
import type { Platform } from "./platform.ts";

const skipped =
  /\.(sha\d+(sum)?s?|md5|sig|asc|minisig|ed25519|pem|crt|cert|json|jsonl|ya?ml|txt|sbom|sigstore|bundle|deb|rpm|apk|msi|pkg|dmg)$|sums$/i;
const archives = [".zip", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.zst", ".tar.bz2", ".tbz2"];

// What projects call the systems and architectures that Go has these words for.
const words: readonly (readonly [RegExp, string])[] = [
  [/x86[_-]64|\bx64\b/g, "amd64"],
  [/aarch64|armv8/g, "arm64"],
  [/\bi[36]86\b|\bx86\b|\bia32\b/g, "386"],
  [/macos|osx|apple|\bmac\b/g, "darwin"],
  [/\bwin(32|64)?\b/g, "windows"],
];

/**
 * Picks the file of a release that is for a platform. An archive comes before a bare program, and Go's spelling
 * `NAME_VERSION_os_arch` before others.
 * @param pinned the very name, chosen by the user
 * @throws InstallError `no-platform-fits`, or `bad-source` if two are equally good
 */
export function chooseAsset(
  names: readonly string[],
  platform: Platform,
  pinned: string | undefined,
  where: string,
): string {
  if (pinned !== undefined) {
    if (names.includes(pinned)) return pinned;
    throw new InstallError("not-found", `${where} has no ${pinned}, but ${names.join(", ") || "nothing"}`);
  }
  const fitting = names.filter((name) => isFor(name, platform));
  const best = Math.min(...fitting.map((name) => rank(name, platform)));
  const [first, second] = fitting.filter((name) => rank(name, platform) === best).sort();
  if (first === undefined) throw noneFits(names, platform, where);
  if (second !== undefined)
    throw new InstallError("bad-source", `${where} has ${first} and ${second}: choose one with ?asset=NAME`);
  return first;
}

/** True if a file's name says that it is a program, or an archive of one, for a platform. */
export function isFor(name: string, { os, arch }: Platform): boolean {
  if (skipped.test(name)) return false;
  const parts = goWords(name);
  const anyArch = os === "darwin" && (parts.includes("universal") || parts.includes("all"));
  return parts.includes(os) && (parts.includes(arch) || anyArch);
}

function goWords(name: string): readonly string[] {
  // An underscore counts as a letter where words end.
  const spaced = words.reduce(
    (text, [pattern, word]) => text.replace(pattern, word),
    name.toLowerCase().replaceAll("_", " ").replaceAll("x86 64", "amd64"),
  );
  return spaced.split(/[^a-z0-9]+/);
}

function rank(name: string, { os, arch }: Platform): number {
  const lower = name.toLowerCase();
  const isArchive = archives.some((ending) => lower.endsWith(ending));
  const spelling = lower.includes(`_${os}_${arch}`) ? 0 : 1;
  const kind = isArchive ? archives.findIndex((ending) => lower.endsWith(ending)) : archives.length;
  return spelling * 100 + kind;
}

function noneFits(names: readonly string[], { os, arch }: Platform, where: string): InstallError {
  const list = names.join(", ") || "nothing";
  return new InstallError("no-platform-fits", `${where} has nothing for ${os}_${arch}, but ${list}`, {
    facts: { platform: `${os}_${arch}`, found: names },
  });
}
