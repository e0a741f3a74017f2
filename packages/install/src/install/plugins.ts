import { dirname, resolve } from "node:path";
import type { FoundPlugin, PluginFinder, PluginQuery } from "drawbar";
import { ArtifactCache } from "../cache/artifact-cache.ts";
import { InstalledPluginFinder } from "../find/plugin-finder.ts";
import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import { LockFile, lockFileName } from "../lock-file/lock-file.ts";
import { thisPlatform } from "../source/platform.ts";
import { Sources } from "../source/sources.ts";
import { defaultCacheFolder, defaultRoot } from "../store/folders.ts";
import type { InstalledPlugin } from "../store/installed-plugin.ts";
import { platformName } from "../store/program-name.ts";
import { Store } from "../store/store.ts";
import { compareVersions, sameVersion } from "../version/parse-version.ts";
import { type CheckedPlugin, checkPlugin } from "./check-plugin.ts";
import type { InstallSettings } from "./install-settings.ts";
import { Installer } from "./installer.ts";
import type { InstallRequest } from "./plan-install.ts";
import type { PluginsOptions } from "./plugins-options.ts";

/** A plugin that is installed, and whether the lock file has it. */
export interface ListedPlugin extends InstalledPlugin {
  readonly locked: boolean;
}

/** A plugin before and after an update. */
export interface UpdatedPlugin {
  readonly plugin: InstalledPlugin;
  /** undefined where it was not in the lock file. */
  readonly from: string | undefined;
}

/** The plugins of a project: its lock file, and what is installed for it. */
export class Plugins implements PluginFinder {
  readonly #settings: InstallSettings;
  readonly #options: PluginsOptions;

  constructor(options: PluginsOptions = {}) {
    const path = resolve(options.lockFile ?? lockFileName);
    const keys = options.keys ?? [];
    this.#options = options;
    this.#settings = {
      store: new Store(resolve(options.root ?? defaultRoot(options.env))),
      cache: new ArtifactCache(resolve(options.cacheFolder ?? defaultCacheFolder(options.env))),
      lockFile: new LockFile(path),
      sources: new Sources({ ...options, cwd: dirname(path) }),
      platform: options.platform ?? thisPlatform(),
      lockPlatforms: options.lockPlatforms ?? [],
      trust: { keys, require: options.require ?? (keys.length > 0 ? "signature" : "nothing") },
      unpackLimits: options.unpackLimits ?? {},
      offline: options.offline ?? false,
      mirrors: options.mirrors ?? {},
      onProgress: options.onProgress ?? (() => {}),
      signal: options.signal ?? new AbortController().signal,
    };
  }

  /**
   * Installs a plugin and puts it into the lock file. What the lock file has is kept if it fits what is asked for, and
   * nothing is fetched that is installed or in the cache. Until all is verified nothing is visible; when it rejects,
   * or whenever this process ends, everything is as before.
   *
   * @throws InstallError
   */
  install(request: InstallRequest): Promise<InstalledPlugin> {
    return new Installer(this.#settings).install(request, this.#options.frozen ? "frozen" : "kept");
  }

  /**
   * Installs everything that the lock file has, one after the other.
   * @throws InstallError `not-locked` with `frozen`, where there is no lock file
   */
  async installLocked(): Promise<InstalledPlugin[]> {
    const { lockFile } = this.#settings;
    // A build that looks for it in the wrong folder would go on without its plugins.
    if (this.#options.frozen && !(await lockFile.exists())) throw noLock(lockFile.path);
    const installed: InstalledPlugin[] = [];
    for (const name of Object.keys(await this.#locked())) installed.push(await this.install({ name }));
    return installed;
  }

  /** Installs the newest versions that fit what the lock file was asked for. Default: of all in it. */
  async update(names?: readonly string[]): Promise<UpdatedPlugin[]> {
    if (this.#options.frozen) throw frozen();
    const locked = await this.#locked();
    const unknown = names?.find((name) => locked[name] === undefined);
    if (unknown !== undefined) throw notInLock(unknown, this.#settings.lockFile.path);
    const updated: UpdatedPlugin[] = [];
    for (const name of names ?? Object.keys(locked)) {
      const from = locked[name]?.version;
      updated.push({ plugin: await new Installer(this.#settings).install({ name }, "renewed"), from });
    }
    return updated;
  }

  /** What is installed for this platform, by name and version. */
  async list(): Promise<ListedPlugin[]> {
    const locked = await this.#locked();
    const platform = platformName(this.#settings.platform);
    const plugins = (await this.#settings.store.list()).filter((plugin) => plugin.platform === platform);
    const order = (a: InstalledPlugin, b: InstalledPlugin): number =>
      a.name === b.name ? compareVersions(a.version, b.version) : a.name < b.name ? -1 : 1;
    return plugins
      .sort(order)
      .map((plugin) => ({ ...plugin, locked: isLocked(plugin, locked[plugin.name]) }));
  }

  /** Looks at the bytes of every plugin that the lock file has, or of one. Faults are told, not thrown. */
  async verify(name?: string): Promise<CheckedPlugin[]> {
    const locked = await this.#locked();
    if (name !== undefined && locked[name] === undefined) throw notInLock(name, this.#settings.lockFile.path);
    const chosen = Object.entries(locked).filter(([key]) => name === undefined || key === name);
    const checks = chosen.map(([key, entry]) => checkPlugin(key, entry, this.#settings));
    return Promise.all(checks);
  }

  /** Takes a plugin out of the lock file, and its versions of this platform away. @throws InstallError `not-installed` */
  async remove(name: string): Promise<InstalledPlugin[]> {
    if (this.#options.frozen) throw frozen();
    const { store, lockFile, signal, onProgress } = this.#settings;
    const onWait = (pid: number): void => onProgress({ kind: "waiting", name, pid });
    const removed = await store.exclusively(
      name,
      async () => {
        const platform = platformName(this.#settings.platform);
        const plugins = (await store.list(name)).filter((plugin) => plugin.platform === platform);
        const entry = await lockFile.entry(name);
        if (entry === undefined && plugins.length === 0) throw notInstalled(name, store.root);
        // First out of the lock file: a plugin in there that is not installed would be the worse thing to be left.
        if (entry !== undefined) await lockFile.change(name, () => undefined, signal);
        for (const plugin of plugins) await store.remove(plugin);
        return plugins;
      },
      { signal, onWait },
    );
    return removed;
  }

  /** The program to start, and what its bytes must be. For `PluginClient.launch`. @throws InstallError */
  find(query: PluginQuery): Promise<FoundPlugin> {
    const { store, lockFile, platform } = this.#settings;
    const { folders = [], unlocked = false } = this.#options;
    const finder = new InstalledPluginFinder({
      store,
      lockFile,
      platform: platformName(platform),
      folders: folders.map((folder) => resolve(folder)),
      unlocked,
    });
    return finder.find(query);
  }

  async #locked(): Promise<Readonly<Record<string, LockedPlugin>>> {
    return (await this.#settings.lockFile.read()).plugins;
  }
}

/** What `PluginClient.launch({ plugin })` uses where it is given no finder: `Plugins` with its defaults. */
export function pluginFinder(): PluginFinder {
  return new Plugins();
}

function isLocked(plugin: InstalledPlugin, entry: LockedPlugin | undefined): boolean {
  if (entry === undefined || !sameVersion(entry.version, plugin.version)) return false;
  const digest = entry.programs[plugin.platform];
  if (digest !== undefined) return digest === plugin.digest;
  return plugin.hashes.some((hash) => entry.hashes[plugin.platform]?.includes(hash));
}

function frozen(): InstallError {
  return new InstallError(
    "lock-mismatch",
    "the lock file is frozen, so that nothing can be updated or removed",
  );
}

function noLock(path: string): InstallError {
  return new InstallError(
    "not-locked",
    `there is no lock file at ${path}, so that nothing says what to install: name a plugin and its source first`,
    { facts: { path } },
  );
}

function notInLock(name: string, path: string): InstallError {
  return new InstallError("not-locked", `plugin ${name} is not in ${path}: install it first`, {
    facts: { name, path },
  });
}

function notInstalled(name: string, root: string): InstallError {
  return new InstallError(
    "not-installed",
    `plugin ${name} is neither in the lock file nor installed in ${root}`,
    {
      facts: { name, root },
    },
  );
}
