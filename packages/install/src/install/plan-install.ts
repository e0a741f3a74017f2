import { InstallError } from "../install-error.ts";
import type { LockedPlugin } from "../lock-file/lock-document.ts";
import { redactText } from "../transfer/show-url.ts";
import { VersionConstraint } from "../version/version-constraint.ts";

/** Which plugin to install. */
export interface InstallRequest {
  readonly name: string;
  /** Where from, in go-getter's spelling. Default: what the lock file says. */
  readonly source?: string | undefined;
  /** Such as `~> 1.2` or `^1.2`. Default: what the lock file says, else the newest. */
  readonly version?: string | undefined;
}

/** What is to be done for a request: what the lock file says, or a choice anew. */
export type InstallPlan = Planned &
  ({ readonly kind: "locked"; readonly entry: LockedPlugin } | { readonly kind: "choose" });

interface Planned {
  readonly constraint: VersionConstraint;
  /** For the lock file and for messages: without a password. */
  readonly source: string;
  /** What is asked: with the password that the request has. */
  readonly asked: string;
}

/** How far the lock file may be changed: not at all, where something is missing, or always to the newest. */
export type LockUse = "frozen" | "kept" | "renewed";

/**
 * Holds a request against the lock file, before anything else is asked.
 * @throws InstallError `not-locked`, `lock-mismatch`, `bad-version`
 */
export function planInstall(
  request: InstallRequest,
  entry: LockedPlugin | undefined,
  use: LockUse,
): InstallPlan {
  const { name } = request;
  const asked = request.source ?? entry?.source;
  const constraint = VersionConstraint.parse(request.version ?? entry?.constraint ?? "*");
  if (asked === undefined) throw unknownSource(name);
  const source = redactText(asked);
  const planned = { constraint, source, asked };
  if (use === "renewed") return { kind: "choose", ...planned };
  const change = changeOf(source, constraint, entry);
  if (change === undefined && entry !== undefined) return { kind: "locked", entry, ...planned };
  if (use === "kept") return { kind: "choose", ...planned };
  throw new InstallError(
    entry === undefined ? "not-locked" : "lock-mismatch",
    `plugin ${name} cannot be installed as the lock file has it: ${change}; the lock file is frozen, so install ` +
      "without that first and commit what changes",
    { facts: { name, source, version: constraint.text } },
  );
}

function changeOf(
  source: string,
  constraint: VersionConstraint,
  entry: LockedPlugin | undefined,
): string | undefined {
  if (entry === undefined) return "it is not in there";
  if (entry.source !== source) return `it is to come from ${source}, and the lock file has ${entry.source}`;
  if (!constraint.allows(entry.version))
    return `${constraint.text} is wanted, and the lock file has ${entry.version}`;
  if (entry.constraint !== constraint.text) {
    return `${constraint.text} is wanted, and the lock file was made for ${entry.constraint}`;
  }
  return undefined;
}

function unknownSource(name: string): InstallError {
  return new InstallError(
    "not-locked",
    `where plugin ${name} comes from is not known: it is not in the lock file, so say its source`,
    { facts: { name } },
  );
}
