import Range from "semver/classes/range.js";
import type SemVer from "semver/classes/semver.js";
import validRange from "semver/ranges/valid.js";
import { InstallError } from "../install-error.ts";
import { readVersion } from "./parse-version.ts";
import { readTerraformConstraint } from "./terraform-constraint.ts";

/**
 * Which versions a host takes: Terraform's notation (`~> 1.2`, `>= 1.0, != 1.3.0`) or an npm range (`^1.2`, `1.x`,
 * `>=1.0 <2 || 3`).
 *
 * A text is an npm range if it has what only npm's have: `^`, `||`, `*` or `x`, a `~` without `>`, a hyphen between
 * spaces, or two comparators without a comma. Everything else is Terraform's, so that a plain `1.2` is exactly
 * 1.2.0.
 *
 * Pre-releases: in Terraform's notation one fits only where `=` (or no operator) names it. In an npm range one fits
 * where a comparator of the same major, minor and patch numbers has a pre-release too, as npm has it. Build
 * metadata (`+…`) does not matter.
 */
export class VersionConstraint {
  /** As it was written; `*` where nothing was. */
  readonly text: string;
  readonly notation: "terraform" | "npm";
  readonly #fits: (version: SemVer) => boolean;

  private constructor(text: string, notation: "terraform" | "npm", fits: (version: SemVer) => boolean) {
    this.text = text;
    this.notation = notation;
    this.#fits = fits;
  }

  /** @throws InstallError `bad-version`, which quotes the part that cannot be read */
  static parse(text: string): VersionConstraint {
    const wanted = text.trim();
    if (wanted === "" || wanted === "*") return new VersionConstraint("*", "npm", isRelease);
    if (isNpm(wanted)) return new VersionConstraint(wanted, "npm", npmRange(wanted));
    const fits = readTerraformConstraint(wanted);
    if (typeof fits === "function") return new VersionConstraint(wanted, "terraform", fits);
    throw unreadable(wanted, fits.bad);
  }

  /** The version, if only one can fit: `1.2.3` or `= 1.2.3`. */
  get exact(): string | undefined {
    const number = this.text.replace(/^=\s*/, "");
    return this.notation === "terraform" && readVersion(number) !== undefined ? number : undefined;
  }

  allows(version: string): boolean {
    const read = readVersion(version);
    return read !== undefined && this.#fits(read);
  }

  /** The newest of the versions that fit, as it stands in the list; undefined if none does. */
  newest(versions: readonly string[]): string | undefined {
    let best: { readonly text: string; readonly version: SemVer } | undefined;
    for (const text of versions) {
      const version = readVersion(text);
      if (version === undefined || !this.#fits(version)) continue;
      // Of builds that differ in their metadata alone, always the same one.
      if (best === undefined || compareAll(version, best.version) > 0) best = { text, version };
    }
    return best?.text;
  }
}

function compareAll(a: SemVer, b: SemVer): number {
  return a.compare(b) || a.compareBuild(b);
}

const npmOnly = [/\^/, /\|\|/, /\*/, /(^|[\s.=<>~^v])[xX](?=$|[\s.])/, /~(?!>)/, /\s-\s/];
// A comparator's operator may stand away from its version; what follows a version after spaces is another one.
const twoComparators = /[0-9A-Za-z]\s+[<>=~^v\d]/;

function isNpm(text: string): boolean {
  // A comma or one of its own operators makes it Terraform's, and what does not belong there is then quoted.
  if (/,|!=|~>/.test(text)) return false;
  return twoComparators.test(text) || npmOnly.some((mark) => mark.test(text));
}

function npmRange(text: string): (version: SemVer) => boolean {
  try {
    const range = new Range(text);
    return (version) => range.test(version);
  } catch {
    throw unreadable(text, badNpmPart(text));
  }
}

function badNpmPart(text: string): string {
  const parts = text.replace(/([<>=~^])\s+/g, "$1").split(/\s*\|\|\s*|\s+/);
  return parts.find((part) => part !== "-" && validRange(part) === null) ?? text;
}

function isRelease({ prerelease }: SemVer): boolean {
  return prerelease.length === 0;
}

function unreadable(text: string, part: string): InstallError {
  const where = part === text ? "" : ` in ${JSON.stringify(text)}`;
  return new InstallError(
    "bad-version",
    `${JSON.stringify(part)}${where} is no version constraint: expected Terraform's operators with commas between ` +
      "(~> 1.2, >= 1.0, != 1.3.0) or an npm range (^1.2, 1.x, >=1.0 <2)",
    { facts: { constraint: text, part } },
  );
}
