import SemVer from "semver/classes/semver.js";
import { readVersion } from "./parse-version.ts";

/** One part of a constraint in Terraform's notation. */
interface Comparator {
  readonly operator: string;
  readonly version: SemVer;
  /** The first version that `~>` leaves out. */
  readonly below: SemVer | undefined;
}

const shape = /^(=|!=|>=|<=|>|<|~>)?\s*(\S+)$/;

/**
 * Reads Terraform's notation: comparators with commas between them, of which all must hold.
 * @returns whether a version fits, or the part that cannot be read
 */
export function readTerraformConstraint(
  text: string,
): ((version: SemVer) => boolean) | { readonly bad: string } {
  const comparators: Comparator[] = [];
  for (const part of text.split(",").map((part) => part.trim())) {
    const comparator = readComparator(part);
    if (comparator === undefined) return { bad: part };
    comparators.push(comparator);
  }
  return (version) => fits(comparators, version);
}

function fits(comparators: readonly Comparator[], version: SemVer): boolean {
  // Terraform chooses a pre-release only where it is named.
  const named = ({ operator, version: wanted }: Comparator): boolean =>
    operator === "=" && wanted.compare(version) === 0;
  if (version.prerelease.length > 0 && !comparators.some(named)) return false;
  return comparators.every((comparator) => holds(comparator, version));
}

function readComparator(text: string): Comparator | undefined {
  const [, operator = "=", number = ""] = shape.exec(text) ?? [];
  const version = readVersion(number);
  if (version === undefined) return undefined;
  return { operator, version, below: operator === "~>" ? nextAfter(number, version) : undefined };
}

/** `~>` lets the last number that was written grow, but the first one never. */
function nextAfter(number: string, { major, minor }: SemVer): SemVer {
  const written = number.replace(/[-+].*$/, "").split(".").length;
  // The lowest pre-release: what comes before the release itself is left out too.
  return new SemVer(written === 3 ? `${major}.${minor + 1}.0-0` : `${major + 1}.0.0-0`);
}

function holds({ operator, version: wanted, below }: Comparator, version: SemVer): boolean {
  const order = version.compare(wanted);
  switch (operator) {
    case "!=":
      return order !== 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case "~>":
      return order >= 0 && below !== undefined && version.compare(below) < 0;
    default:
      return order === 0;
  }
}
