import { rm } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import { type Platform, readPlatform } from "../source/platform.ts";
import { isIntact } from "../store/installed-digest.ts";
import type { InstalledPlugin } from "../store/installed-plugin.ts";
import { checkPluginName } from "../store/plugin-name.ts";
import { platformName } from "../store/program-name.ts";
import { sameVersion } from "../version/parse-version.ts";
import { VersionConstraint } from "../version/version-constraint.ts";
import type { InstallSettings } from "./install-settings.ts";
import { type InstallPlan, type InstallRequest, type LockUse, planInstall } from "./plan-install.ts";
import { notForPlatform, type Preparation, preparePlugin } from "./prepare-plugin.ts";

/** Installs one plugin after the other, from its source to its place and its line in the lock file. */
export class Installer {
  readonly #settings: InstallSettings;
  readonly #platform: string;

  constructor(settings: InstallSettings) {
    this.#settings = settings;
    this.#platform = platformName(settings.platform);
  }

  /** Other processes that install a plugin of this name wait meanwhile. */
  async install(request: InstallRequest, use: LockUse): Promise<InstalledPlugin> {
    const { name } = request;
    checkPluginName(name);
    const { store, signal, onProgress } = this.#settings;
    const onWait = (pid: number): void => onProgress({ kind: "waiting", name, pid });
    return store.exclusively(name, () => this.#install(request, use), { signal, onWait });
  }

  async #install(request: InstallRequest, use: LockUse): Promise<InstalledPlugin> {
    const { name } = request;
    const { store, lockFile, onProgress, signal } = this.#settings;
    const entry = await lockFile.entry(name);
    const plan = planInstall(request, entry, use);
    const preparation = { name, plan, use, ownPlatform: this.#platform };
    const others = this.#othersToLock(preparation);
    const there = plan.kind === "locked" ? await this.#installed(name, plan.entry) : undefined;
    const { plugin, known } =
      there !== undefined && others.length === 0
        ? { plugin: there, known: [factsOf(there)] }
        : await store.staged((folder) => this.#bring(preparation, there, others, folder));
    const { version } = plugin;
    if (use !== "frozen") {
      const chosen = { version, source: plan.source, constraint: plan.constraint.text };
      const next = (current: LockedPlugin | undefined) => lockEntry(current, chosen, known);
      await lockFile.change(name, next, signal);
      const platforms = lost(entry, await lockFile.entry(name));
      if (platforms.length > 0) onProgress({ kind: "unlocked", name, version, platforms });
    }
    for (const other of others) onProgress({ kind: "locked", name, version, platform: platformName(other) });
    onProgress({ kind: "installed", name, version, changed: there === undefined });
    return plugin;
  }

  /**
   * The platforms besides this one that the lock file is to have and lacks.
   * @throws InstallError `lock-mismatch` where it is frozen
   */
  #othersToLock({ name, plan, use }: Preparation): readonly Platform[] {
    const { hashes = {}, programs = {} } = plan.kind === "locked" ? plan.entry : {};
    const others = new Map<string, Platform>();
    for (const other of this.#settings.lockPlatforms) {
      const key = platformName(other);
      if (key === this.#platform || (hashes[key] !== undefined && programs[key] !== undefined)) continue;
      if (readPlatform(key) === undefined) throw noPlatform(name, key);
      others.set(key, other);
    }
    if (use !== "frozen") return [...others.values()];
    // Frozen, it is a question: a hash is enough to install there.
    const missing = [...others.keys()].find((key) => hashes[key] === undefined);
    if (missing !== undefined && plan.kind === "locked") throw notForPlatform(name, missing, plan.entry);
    return [];
  }

  /** What the lock file names, if it is here and was not damaged. */
  async #installed(name: string, entry: LockedPlugin): Promise<InstalledPlugin | undefined> {
    const program = entry.programs[this.#platform];
    const hashes = entry.hashes[this.#platform] ?? [];
    for (const plugin of await this.#settings.store.list(name)) {
      if (plugin.platform !== this.#platform || !sameVersion(plugin.version, entry.version)) continue;
      const isIt =
        program === undefined
          ? plugin.hashes.some((hash) => hashes.includes(hash))
          : program === plugin.digest;
      if (isIt && (await isIntact(plugin))) return plugin;
    }
    return undefined;
  }

  /** Everything is prepared before the first of it is placed: a platform that cannot be had changes nothing. */
  async #bring(
    preparation: Preparation,
    there: InstalledPlugin | undefined,
    others: readonly Platform[],
    folder: string,
  ): Promise<Brought> {
    const own =
      there === undefined
        ? await preparePlugin(preparation, join(folder, "content"), this.#settings)
        : { manifest: there, hashes: factsOf(there).hashes, folder: there.folder };
    const { version, digest } = own.manifest;
    const known = [{ platform: this.#platform, digest, hashes: own.hashes }];
    const plan = exactly(preparation.plan, version);
    for (const other of others) known.push(await this.#lockOnly({ ...preparation, plan }, other, folder));
    const plugin = there ?? (await this.#settings.store.place(own.folder, own.manifest));
    return { plugin, known };
  }

  /** Fetches and verifies what another platform would install, and keeps its digests alone. */
  async #lockOnly(preparation: Preparation, platform: Platform, folder: string): Promise<PlatformFacts> {
    const key = platformName(platform);
    const { onProgress } = this.#settings;
    const settings: InstallSettings = {
      ...this.#settings,
      platform,
      onProgress: (progress) => onProgress({ ...progress, platform: key }),
    };
    const content = join(folder, key);
    const { manifest, hashes } = await preparePlugin(preparation, content, settings);
    await rm(content, { recursive: true, force: true });
    return { platform: key, digest: manifest.digest, hashes };
  }
}

interface Brought {
  readonly plugin: InstalledPlugin;
  readonly known: readonly PlatformFacts[];
}

/** What the lock file is told of one platform. */
interface PlatformFacts {
  readonly platform: string;
  /** Of what is started. */
  readonly digest: string;
  /** Of what was fetched, by platform: a signed list tells of others. */
  readonly hashes: Readonly<Record<string, readonly string[]>>;
}

function factsOf({ platform, digest, hashes }: InstalledPlugin): PlatformFacts {
  return { platform, digest, hashes: { [platform]: hashes } };
}

function noPlatform(name: string, key: string): InstallError {
  return new InstallError(
    "no-platform-fits",
    `plugin ${name} cannot be locked for ${JSON.stringify(key)}: a platform is an os and an arch, such as linux_arm64`,
    { facts: { name, platform: key } },
  );
}

// What is locked for other platforms is the very version that is installed here.
function exactly(plan: InstallPlan, version: string): InstallPlan {
  return plan.kind === "locked" ? plan : { ...plan, constraint: VersionConstraint.parse(version) };
}

function lost(before: LockedPlugin | undefined, now: LockedPlugin | undefined): readonly string[] {
  return Object.keys(before?.hashes ?? {}).filter((platform) => now?.hashes[platform] === undefined);
}

function lockEntry(
  current: LockedPlugin | undefined,
  chosen: { readonly version: string; readonly source: string; readonly constraint: string },
  known: readonly PlatformFacts[],
): LockedPlugin {
  const { version, source, constraint } = chosen;
  // Of another version, or from elsewhere: nothing of what was known holds.
  const same = current?.source === source && sameVersion(current.version, version) ? current : undefined;
  const hashes: Record<string, readonly string[]> = { ...same?.hashes };
  const programs: Record<string, string> = { ...same?.programs };
  for (const facts of known) {
    programs[facts.platform] = facts.digest;
    for (const [key, list] of Object.entries(facts.hashes)) hashes[key] = [...(hashes[key] ?? []), ...list];
  }
  return { version, constraint, source, hashes, programs };
}
