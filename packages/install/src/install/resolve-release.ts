import { isCode } from "../exclusive/file-system.ts";
import { InstallError } from "../install-error.ts";
import type { GetContext, Release } from "../source/getter.ts";
import type { SourceAddress } from "../source/source-address.ts";
import type { Sources } from "../source/sources.ts";
import { normalVersion } from "../version/parse-version.ts";
import type { VersionConstraint } from "../version/version-constraint.ts";

// A source that has nothing of so many versions for a platform has nothing for it.
const mostTries = 10;

/**
 * Asks a source for the newest version that fits and that is there for the platform: a mirror or a container registry
 * lists versions without saying for which platforms they are.
 * @throws InstallError `no-version-fits`, `no-platform-fits`
 */
export async function resolveRelease(
  sources: Sources,
  address: SourceAddress,
  constraint: VersionConstraint,
  context: GetContext,
): Promise<Release> {
  const versions = await sources.versions(address, context);
  if (versions === undefined) return sources.release(address, undefined, context);
  let left = versions;
  let lacking: unknown;
  for (let tries = 0; tries < mostTries; tries++) {
    const version = constraint.newest(left);
    if (version === undefined) break;
    try {
      const release = await sources.release(address, version, context);
      return { ...release, version: release.version ?? version };
    } catch (error) {
      if (!isCode(error, "no-platform-fits")) throw error;
      lacking ??= error;
      left = left.filter((other) => other !== version);
    }
  }
  throw lacking ?? noneFits(context.name, address, constraint, versions);
}

/** The version of a release that nothing but its own words tell, held against what was asked for. */
export function checkVersion(
  name: string,
  stated: string | undefined,
  constraint: VersionConstraint,
  origin: string,
): string {
  const version = stated ?? constraint.exact;
  if (version === undefined) {
    throw new InstallError(
      "no-version-fits",
      `the version of plugin ${name} from ${origin} is not known: neither the source nor a file's name nor a manifest ` +
        "says it; ask for an exact version, such as 1.2.3",
      { facts: { name, origin } },
    );
  }
  if (constraint.allows(version)) return normalVersion(version);
  throw new InstallError(
    "no-version-fits",
    `${origin} has version ${version} of plugin ${name}, and ${constraint.text} is wanted`,
    { facts: { name, origin, version, wanted: constraint.text } },
  );
}

const shown = 20;

function noneFits(
  name: string,
  address: SourceAddress,
  constraint: VersionConstraint,
  versions: readonly string[],
): InstallError {
  const more = versions.length > shown ? ` and ${versions.length - shown} more` : "";
  const has = versions.length === 0 ? "none at all" : `${versions.slice(0, shown).join(", ")}${more}`;
  return new InstallError(
    "no-version-fits",
    `no version of plugin ${name} fits ${constraint.text}; ${address.text} has: ${has}`,
    { facts: { name, source: address.text, wanted: constraint.text, versions: versions.slice(0, 1000) } },
  );
}
