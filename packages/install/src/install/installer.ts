import { join } from "node:path";
import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import type { GetContext } from "../source/getter.ts";
import { isIntact } from "../store/installed-digest.ts";
import type { InstalledPlugin } from "../store/installed-plugin.ts";
import { checkPluginName } from "../store/plugin-name.ts";
import { parseArtifactName, platformName } from "../store/program-name.ts";
import { sameVersion } from "../version/parse-version.ts";
import { VersionConstraint } from "../version/version-constraint.ts";
import { arrangePlugin } from "./arrange-plugin.ts";
import { chooseProgram } from "./choose-program.ts";
import { type Content, cachedContent, fetchContent, subfolder } from "./fetch-content.ts";
import type { InstallSettings } from "./install-settings.ts";
import { mirrored } from "./mirrors.ts";
import { type InstallPlan, type InstallRequest, type LockUse, planInstall } from "./plan-install.ts";
import { paced } from "./progress.ts";
import { checkVersion, resolveRelease } from "./resolve-release.ts";

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
    const there = plan.kind === "locked" ? await this.#installed(name, plan.entry) : undefined;
    const placed =
      there ?? (await store.staged((folder) => this.#bring(name, plan, use, join(folder, "content"))));
    const { plugin } = placed;
    if (use !== "frozen") {
      const source = plan.kind === "locked" ? plan.entry.source : plan.source;
      const chosen = { source, constraint: plan.constraint.text };
      await lockFile.change(name, (current) => lockEntry(current, chosen, placed), signal);
    }
    onProgress({ kind: "installed", name, version: plugin.version, changed: there === undefined });
    return plugin;
  }

  /** What the lock file names, if it is here and was not damaged. */
  async #installed(name: string, entry: LockedPlugin): Promise<Placed | undefined> {
    const program = entry.programs[this.#platform];
    const hashes = entry.hashes[this.#platform] ?? [];
    for (const plugin of await this.#settings.store.list(name)) {
      if (plugin.platform !== this.#platform || !sameVersion(plugin.version, entry.version)) continue;
      const isIt =
        program === undefined
          ? plugin.hashes.some((hash) => hashes.includes(hash))
          : program === plugin.digest;
      if (isIt && (await isIntact(plugin))) return { plugin, hashes: { [this.#platform]: plugin.hashes } };
    }
    return undefined;
  }

  async #bring(name: string, plan: InstallPlan, use: LockUse, folder: string): Promise<Placed> {
    const { store, platform } = this.#settings;
    const content = await this.#fetch(name, plan, use, folder);
    const chosen = await chooseProgram(content.folder, name);
    const stated = content.version ?? chosen.version ?? versionIn(content.origin, name);
    const version = checkVersion(name, stated, wantedBy(plan), content.origin);
    const { program, digest } = await arrangePlugin(chosen, name, version, platform);
    const hashes = content.hashes[this.#platform] ?? [];
    const locked = plan.kind === "locked" ? plan.entry.programs[this.#platform] : undefined;
    if (locked !== undefined && locked !== digest) throw otherProgram(name, locked, digest);
    const manifest = {
      name,
      version,
      platform: this.#platform,
      program,
      digest,
      origin: content.origin,
      hashes,
    };
    return { plugin: await store.place(chosen.folder, manifest), hashes: content.hashes };
  }

  async #fetch(name: string, plan: InstallPlan, use: LockUse, folder: string): Promise<Content> {
    const context = this.#context(name, plan.kind === "locked" ? plan.entry.version : undefined);
    const source = plan.kind === "locked" ? plan.entry.source : plan.source;
    const { sources, mirrors, onProgress } = this.#settings;
    const address = sources.parse(mirrored(source, mirrors));
    const content = await this.#content(plan, use, folder, address, context, () =>
      onProgress({ kind: "resolving", name, source }),
    );
    return { ...content, folder: await subfolder(content.folder, address.subdir, source) };
  }

  async #content(
    plan: InstallPlan,
    use: LockUse,
    folder: string,
    address: ReturnType<InstallSettings["sources"]["parse"]>,
    context: GetContext,
    onAsk: () => void,
  ): Promise<Content> {
    const { sources, offline } = this.#settings;
    const locked = plan.kind === "locked" ? plan.entry.hashes[this.#platform] : undefined;
    if (plan.kind === "locked") {
      if (locked === undefined && use === "frozen")
        throw notForPlatform(context.name, this.#platform, plan.entry);
      const cached = await cachedContent(plan.entry, locked ?? [], folder, this.#settings, context);
      if (cached !== undefined) return cached;
    }
    if (offline && address.getter !== "file") throw isOffline(context.name, address.text);
    onAsk();
    const release = await resolveRelease(sources, address, wantedBy(plan), context);
    return fetchContent(release, locked, folder, this.#settings, context);
  }

  #context(name: string, version: string | undefined): GetContext {
    const { platform, signal, onProgress } = this.#settings;
    const onBytes = paced((receivedBytes, totalBytes) =>
      onProgress({ kind: "fetching", name, version, receivedBytes, totalBytes }),
    );
    return { name, platform, signal, onBytes };
  }
}

interface Placed {
  readonly plugin: InstalledPlugin;
  readonly hashes: Readonly<Record<string, readonly string[]>>;
}

function lockEntry(
  current: LockedPlugin | undefined,
  { source, constraint }: { readonly source: string; readonly constraint: string },
  { plugin, hashes }: Placed,
): LockedPlugin {
  const { version, platform, digest } = plugin;
  // Of another version, or from elsewhere: nothing of what was known holds.
  const same = current?.source === source && sameVersion(current.version, version) ? current : undefined;
  const merged: Record<string, readonly string[]> = { ...same?.hashes };
  for (const [key, list] of Object.entries(hashes)) merged[key] = [...(merged[key] ?? []), ...list];
  return { version, constraint, source, hashes: merged, programs: { ...same?.programs, [platform]: digest } };
}

/** What the source is asked for, and must give: the locked version, where there is one. */
function wantedBy(plan: InstallPlan): VersionConstraint {
  return plan.kind === "locked" ? VersionConstraint.parse(plan.entry.version) : plan.constraint;
}

function versionIn(origin: string, name: string): string | undefined {
  const fileName = origin.split(/[/\\]/).at(-1) ?? "";
  const parsed = parseArtifactName(fileName);
  return parsed?.name === name ? parsed.version : undefined;
}

function otherProgram(name: string, locked: string, found: string): InstallError {
  return new InstallError(
    "lock-mismatch",
    `the program of plugin ${name} has the digest ${found}, and the lock file has ${locked}: it was not installed`,
    { facts: { name, locked, found } },
  );
}

function notForPlatform(name: string, platform: string, entry: LockedPlugin): InstallError {
  const has = Object.keys(entry.hashes).join(", ") || "none";
  return new InstallError(
    "lock-mismatch",
    `the lock file has no hash of plugin ${name} ${entry.version} for ${platform} (it has: ${has}), and is frozen; ` +
      "install without that on this platform and commit what changes",
    { facts: { name, platform } },
  );
}

function isOffline(name: string, source: string): InstallError {
  return new InstallError(
    "unreachable",
    `plugin ${name} is neither installed nor in the cache, and ${source} is not asked, for this is offline`,
    { facts: { name, source } },
  );
}
