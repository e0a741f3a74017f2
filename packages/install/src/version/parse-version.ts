// Part by part: all of semver takes ten times as long to load.
import SemVer from "semver/classes/semver.js";
import parse from "semver/functions/parse.js";
import { InstallError } from "../install-error.ts";

// `v` as tags have it, and one or two numbers as Terraform's configurations do.
const shape = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/**
 * A semantic version, read as Terraform reads it: `v1.2.3` is `1.2.3`, and numbers left out are zero (`1.2` is
 * `1.2.0`). undefined for what is no version.
 */
export function readVersion(text: string): SemVer | undefined {
  const match = shape.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor = "0", patch = "0", prerelease = "", build = ""] = match;
  return parse(`${major}.${minor}.${patch}${prerelease}${build}`) ?? undefined;
}

/** The version in its full form, such as `1.2.0` for `v1.2`. @throws InstallError `bad-version` */
export function normalVersion(text: string): string {
  const version = readVersion(text);
  if (version !== undefined) return withBuild(version);
  throw new InstallError(
    "bad-version",
    `${JSON.stringify(text)} is no version: expected numbers such as 1.2.3, with -beta.1 or the like for a pre-release`,
    { facts: { version: text } },
  );
}

/** Below zero if `a` is older than `b`. Build metadata does not matter (Semantic Versioning 2.0, section 10). */
export function compareVersions(a: string, b: string): number {
  return new SemVer(normalVersion(a)).compare(normalVersion(b));
}

/** The same release, whatever its build is called. */
export function sameVersion(a: string, b: string): boolean {
  const [one, other] = [readVersion(a), readVersion(b)];
  return one !== undefined && other !== undefined && one.compare(other) === 0;
}

function withBuild({ version, build }: SemVer): string {
  return build.length === 0 ? version : `${version}+${build.join(".")}`;
}
