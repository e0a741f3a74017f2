import type { FoundPlugin, PluginFinder, PluginQuery } from "drawbar";
import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import type { LockFile } from "../lock-file/lock-file.ts";
import { installedDigest } from "../store/installed-digest.ts";
import { checkPluginName } from "../store/plugin-name.ts";
import type { Store } from "../store/store.ts";
import { fileDigest } from "../verify/file-digest.ts";
import { compareVersions, sameVersion } from "../version/parse-version.ts";
import { VersionConstraint } from "../version/version-constraint.ts";
import { type FoundProgram, findPrograms } from "./found-program.ts";

/** Where plugins are looked for, and what vouches for them. */
export interface FinderSettings {
  readonly store: Store;
  readonly lockFile: LockFile;
  /** Plain folders of programs called `NAME_v1.2.3`, besides the store. */
  readonly folders: readonly string[];
  /** `linux_amd64`. */
  readonly platform: string;
  /** Whether a plugin that is not in the lock file is found too. */
  readonly unlocked: boolean;
}

/**
 * Finds the program of a plugin for a host: the version that the lock file has; or, where plugins need not be in
 * there, the newest that fits of what is installed for this platform.
 */
export class InstalledPluginFinder implements PluginFinder {
  readonly #settings: FinderSettings;

  constructor(settings: FinderSettings) {
    this.#settings = settings;
  }

  /** @throws InstallError `not-locked`, `not-installed`, `lock-mismatch`, `no-version-fits`, `no-platform-fits` */
  async find(query: PluginQuery): Promise<FoundPlugin> {
    const { name } = query;
    checkPluginName(name);
    const constraint = VersionConstraint.parse(query.version ?? "*");
    const { lockFile, unlocked, store, folders } = this.#settings;
    const entry = await lockFile.entry(name);
    if (entry === undefined && !unlocked) throw notLocked(name, lockFile.path);
    if (entry !== undefined && !constraint.allows(entry.version)) throw lockedOther(name, constraint, entry);
    const found = await findPrograms(name, store, folders);
    return entry === undefined ? this.#newest(name, constraint, found) : this.#locked(name, entry, found);
  }

  async #locked(name: string, entry: LockedPlugin, found: readonly FoundProgram[]): Promise<FoundPlugin> {
    const { platform } = this.#settings;
    const versions = found.filter(
      (program) => this.#fits(program) && sameVersion(program.version, entry.version),
    );
    const digest = entry.programs[platform];
    if (digest !== undefined) {
      // The store's first. A file in a plain folder is what it should be only if its bytes are.
      const place = versions.find(({ installed }) => installed === undefined || installed.digest === digest);
      if (place !== undefined) return this.#verified(name, place, digest);
    }
    const hashes = entry.hashes[platform] ?? [];
    const { installed } =
      versions.find((program) => program.installed?.hashes.some((hash) => hashes.includes(hash))) ?? {};
    // Locked on another platform: the archive was verified, and what came out of it is in the manifest.
    if (digest === undefined && installed !== undefined) {
      return this.#verified(name, { ...installed, installed }, installed.digest);
    }
    throw this.#nothing(
      name,
      `${entry.version}, which ${this.#settings.lockFile.path} has`,
      found,
      "not-installed",
    );
  }

  async #newest(
    name: string,
    constraint: VersionConstraint,
    found: readonly FoundProgram[],
  ): Promise<FoundPlugin> {
    const here = found.filter((program) => this.#fits(program));
    const fitting = here.filter(({ version }) => constraint.allows(version));
    const [best] = fitting.sort((a, b) => compareVersions(b.version, a.version) || specific(b) - specific(a));
    if (best !== undefined) {
      const digest = best.installed?.digest ?? `sha256:${await fileDigest(best.program, "sha256")}`;
      return this.#verified(name, best, digest);
    }
    const elsewhere = here.length === 0 && found.length > 0;
    const code = found.length === 0 ? "not-installed" : elsewhere ? "no-platform-fits" : "no-version-fits";
    throw this.#nothing(name, constraint.text, found, code);
  }

  async #verified(name: string, place: FoundProgram, digest: string): Promise<FoundPlugin> {
    const { version, program, installed } = place;
    const common = { name, version, cmd: [program] as const };
    if (digest.startsWith("sha256:")) {
      return { ...common, secureConfig: { hash: "sha256", checksum: digest.slice("sha256:".length) } };
    }
    // With the files beside it: they are all looked at, and it is started where it is.
    const now = installed === undefined ? undefined : await installedDigest(installed);
    if (now !== digest) throw damaged(name, place, digest);
    const checksum = await fileDigest(program, "sha256");
    return { ...common, secureConfig: { hash: "sha256", checksum, inPlace: true } };
  }

  #fits({ platform }: FoundProgram): boolean {
    return platform === undefined || platform === this.#settings.platform;
  }

  #nothing(
    name: string,
    asked: string,
    found: readonly FoundProgram[],
    code: "not-installed" | "no-platform-fits" | "no-version-fits",
  ): InstallError {
    const { store, folders, platform } = this.#settings;
    const places = [store.root, ...folders].join(", ");
    const list = found.map(
      (program) => `  ${program.version} for ${program.platform ?? "any platform"}: ${program.program}`,
    );
    const has =
      list.length === 0 ? `nothing of it was found in ${places}` : `found in ${places}:\n${list.join("\n")}`;
    return new InstallError(
      code,
      `plugin ${name} ${asked} for ${platform} is not installed; ${has}${list.length === 0 ? "; " : "\n"}` +
        `install it with: drawbar install ${name}`,
      {
        facts: { name, asked, platform, found: found.map(({ version, program }) => ({ version, program })) },
      },
    );
  }
}

/** Of two of one version, the one that was made for this platform. */
function specific({ platform, installed }: FoundProgram): number {
  return Number(platform !== undefined) + Number(installed !== undefined);
}

function notLocked(name: string, path: string): InstallError {
  return new InstallError(
    "not-locked",
    `plugin ${name} is not in ${path}, which says what may be started; install it with: drawbar install ${name} SOURCE`,
    { facts: { name, path } },
  );
}

function lockedOther(name: string, constraint: VersionConstraint, entry: LockedPlugin): InstallError {
  return new InstallError(
    "lock-mismatch",
    `this host wants plugin ${name} ${constraint.text}, and the lock file has ${entry.version}; choose anew with: ` +
      `drawbar install ${name} --version ${JSON.stringify(constraint.text)}`,
    { facts: { name, wanted: constraint.text, locked: entry.version } },
  );
}

function damaged(name: string, { program }: FoundProgram, digest: string): InstallError {
  return new InstallError(
    "checksum-mismatch",
    `the files of plugin ${name} at ${program} are not those that were installed (${digest}): it was not started; install it again`,
    { facts: { name, program, expected: digest } },
  );
}
