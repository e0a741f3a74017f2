import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { GetContext, Release } from "../source/getter.ts";
import type { SourceAddress } from "../source/source-address.ts";
import { parseArtifactName, platformName } from "../store/program-name.ts";
import { VersionConstraint } from "../version/version-constraint.ts";
import { arrangePlugin } from "./arrange-plugin.ts";
import { chooseProgram } from "./choose-program.ts";
import { type Content, cachedContent, fetchContent, subfolder } from "./fetch-content.ts";
import type { InstallSettings } from "./install-settings.ts";
import { mirrored } from "./mirrors.ts";
import type { InstallPlan, LockUse } from "./plan-install.ts";
import { paced } from "./progress.ts";
import { checkVersion, resolveRelease } from "./resolve-release.ts";

/** What is to be prepared. The platform is that of the settings. */
export interface Preparation {
  readonly name: string;
  readonly plan: InstallPlan;
  readonly use: LockUse;
  /** `linux_amd64`: that of the installation. Another one is prepared for the lock file alone. */
  readonly ownPlatform: string;
}

/** A plugin for one platform: verified, ready to be placed, in a folder that nobody else looks at. */
export interface PreparedPlugin {
  readonly folder: string;
  readonly manifest: Manifest;
  /** By platform, for the lock file: this one's, and those of others that a signed list tells. */
  readonly hashes: Readonly<Record<string, readonly string[]>>;
}

/** Fetches a plugin into `folder`, which does not exist yet, and holds it against everything that is said of it. */
export async function preparePlugin(
  preparation: Preparation,
  folder: string,
  settings: InstallSettings,
): Promise<PreparedPlugin> {
  const { name, plan } = preparation;
  const platform = platformName(settings.platform);
  const content = await fetchPlanned(preparation, folder, settings);
  const chosen = await chooseProgram(content.folder, name);
  const stated = content.version ?? chosen.version ?? versionIn(content.origin, name);
  const version = checkVersion(name, stated, wantedBy(plan), content.origin);
  const { program, digest } = await arrangePlugin(chosen, name, version, settings.platform);
  const locked = plan.kind === "locked" ? plan.entry.programs[platform] : undefined;
  if (locked !== undefined && locked !== digest) throw otherProgram(name, platform, locked, digest);
  const { origin } = content;
  const hashes = content.hashes[platform] ?? [];
  const manifest = { name, version, platform, program, digest, origin, hashes };
  return { folder: chosen.folder, manifest, hashes: content.hashes };
}

async function fetchPlanned(
  preparation: Preparation,
  folder: string,
  settings: InstallSettings,
): Promise<Content> {
  const { source, asked } = preparation.plan;
  const mirror = mirrored(source, settings.mirrors);
  // A password is for the source, and not for what stands in for it.
  const address = settings.sources.parse(mirror === source ? asked : mirror);
  const content = await contentOf(preparation, address, folder, settings);
  return { ...content, folder: await subfolder(content.folder, address.subdir, source) };
}

async function contentOf(
  preparation: Preparation,
  address: SourceAddress,
  folder: string,
  settings: InstallSettings,
): Promise<Content> {
  const { name, plan, use, ownPlatform } = preparation;
  const { sources, offline, onProgress } = settings;
  const platform = platformName(settings.platform);
  const context = contextOf(preparation, settings);
  const locked = plan.kind === "locked" ? plan.entry.hashes[platform] : undefined;
  if (plan.kind === "locked") {
    if (locked === undefined && use === "frozen") throw notForPlatform(name, platform, plan.entry);
    const cached = await cachedContent(plan.entry, locked ?? [], folder, settings, context);
    if (cached !== undefined) return cached;
  }
  if (offline && address.getter !== "file") throw isOffline(name, platform, address.text);
  onProgress({ kind: "resolving", name, source: plan.source });
  const release = await resolveRelease(sources, address, wantedBy(plan), context);
  if (platform !== ownPlatform) checkForOther(release, address, platform, ownPlatform);
  return fetchContent(release, locked, folder, settings, context);
}

function contextOf({ name, plan }: Preparation, settings: InstallSettings): GetContext {
  const { platform, signal, onProgress } = settings;
  const version = plan.kind === "locked" ? plan.entry.version : undefined;
  const onBytes = paced((receivedBytes, totalBytes) =>
    onProgress({ kind: "fetching", name, version, receivedBytes, totalBytes }),
  );
  return { name, platform, signal, onBytes };
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

// A source without a choice gives the same file whatever platform is asked for.
function checkForOther(
  { artifact }: Release,
  { text }: SourceAddress,
  wanted: string,
  ownPlatform: string,
): void {
  const stated = artifact.kind === "file" ? parseArtifactName(artifact.fileName)?.platform : undefined;
  if (stated === undefined || platformName(stated) !== ownPlatform) return;
  throw new InstallError(
    "no-platform-fits",
    `${text} is one file, for ${ownPlatform}: it has nothing that could be locked for ${wanted}; lock that with a source ` +
      "that has several platforms, such as a mirror, a registry or releases",
    { facts: { source: text, platform: wanted } },
  );
}

function otherProgram(name: string, platform: string, locked: string, found: string): InstallError {
  return new InstallError(
    "lock-mismatch",
    `the program of plugin ${name} for ${platform} has the digest ${found}, and the lock file has ${locked}: it was not installed`,
    { facts: { name, platform, locked, found } },
  );
}

/** Where a lock file that must not change lacks a platform. */
export function notForPlatform(name: string, platform: string, entry: LockedPlugin): InstallError {
  const has = Object.keys(entry.hashes).join(", ") || "none";
  return new InstallError(
    "lock-mismatch",
    `the lock file has no hash of plugin ${name} ${entry.version} for ${platform} (it has: ${has}), and is frozen; run ` +
      `drawbar install ${name} --platform ${platform} without that, on any machine, and commit what changes`,
    { facts: { name, platform } },
  );
}

function isOffline(name: string, platform: string, source: string): InstallError {
  return new InstallError(
    "unreachable",
    `plugin ${name} for ${platform} is neither installed nor in the cache, and ${source} is not asked, for this is offline`,
    { facts: { name, platform, source } },
  );
}
