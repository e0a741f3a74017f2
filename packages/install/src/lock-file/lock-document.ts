import { InstallError } from "../install-error.ts";
import { isPluginName } from "../store/plugin-name.ts";
import { readVersion } from "../version/parse-version.ts";

/** What `drawbar.lock.json` says. */
export interface LockDocument {
  readonly plugins: Readonly<Record<string, LockedPlugin>>;
}

/** One plugin, as it was chosen. */
export interface LockedPlugin {
  readonly version: string;
  /** What was asked for, such as `~> 1.2`; `*` for the newest. */
  readonly constraint: string;
  /** As it was written, without a password. */
  readonly source: string;
  /**
   * By platform (`linux_amd64`): what was fetched, as `sha256:HEX` of a file or `h1:…` of a folder. One that is here
   * is enough.
   */
  readonly hashes: Readonly<Record<string, readonly string[]>>;
  /**
   * By platform: what is started, as `sha256:HEX` of the program, or `h1:…` of everything that is installed where the
   * program needs the files beside it.
   */
  readonly programs: Readonly<Record<string, string>>;
}

const hashShape = /^(?:sha256:[0-9a-f]{64}|h1:[A-Za-z0-9+/]{43}=)$/;
const platformShape = /^[a-z0-9]+_[a-z0-9]+$/;

/** @throws InstallError `bad-lock`, which says where it is wrong */
export function parseLock(text: string, path: string): LockDocument {
  const bad = (why: string): never => {
    throw new InstallError("bad-lock", `${path} cannot be used: ${why}`, { facts: { path } });
  };
  if (/^<{7}|^>{7}/m.test(text))
    bad("it holds the marks of a merge; resolve them, or install again without it");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    bad(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value)) return bad("it must hold an object");
  if (value["version"] !== 1) bad(`its version is ${JSON.stringify(value["version"])}, and 1 is known here`);
  const entries = value["plugins"] ?? {};
  if (!isRecord(entries)) return bad('"plugins" must be an object');
  // No prototype: a plugin may be called "constructor".
  const plugins: Record<string, LockedPlugin> = Object.create(null);
  for (const [name, entry] of Object.entries(entries)) {
    const fault = faultOf(name, entry);
    if (fault !== undefined) bad(`"plugins" › ${JSON.stringify(name)}: ${fault}`);
    plugins[name] = entry as LockedPlugin;
  }
  return { plugins };
}

/** Keys sorted, two spaces, a line's end at the end: the same document is always the same text. */
export function formatLock({ plugins }: LockDocument): string {
  const sorted = sortedRecord(plugins, ({ version, constraint, source, hashes, programs }) => ({
    version,
    constraint,
    source,
    hashes: sortedRecord(hashes, (list) => [...new Set(list)].sort()),
    programs: sortedRecord(programs, (digest) => digest),
  }));
  return `${JSON.stringify({ version: 1, plugins: sorted }, undefined, 2)}\n`;
}

function faultOf(name: string, entry: unknown): string | undefined {
  if (!isPluginName(name)) return "this is no plugin's name";
  if (!isRecord(entry)) return "it must be an object";
  for (const key of ["version", "constraint", "source"]) {
    if (typeof entry[key] !== "string") return `${JSON.stringify(key)} must be a text`;
  }
  if (readVersion(String(entry["version"])) === undefined) return `"version" is no version`;
  const { hashes, programs } = entry;
  if (!isRecord(hashes) || !isRecord(programs)) return `"hashes" and "programs" must be objects`;
  const platform = [...Object.keys(hashes), ...Object.keys(programs)].find((key) => !platformShape.test(key));
  if (platform !== undefined) return `${JSON.stringify(platform)} is no platform such as linux_amd64`;
  if (!Object.values(hashes).every(Array.isArray)) return `"hashes" must hold lists`;
  const hash = [...Object.values(hashes).flat(), ...Object.values(programs)].find((text) => !isHash(text));
  return hash === undefined ? undefined : `${JSON.stringify(hash)} is no hash (sha256:… or h1:…)`;
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && hashShape.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortedRecord<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  const entries = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value)]));
}
