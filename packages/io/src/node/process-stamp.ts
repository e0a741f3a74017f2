import { type ProcessIdentity, processState, readOwnIdentity, startOf } from "./process-identity.ts";

const shape = /(?:^|\.)(\d{1,15})-(\d*)-([0-9a-f]{8})-([0-9a-f]{8})-[0-9a-f]{12}$/;

let own: Promise<ProcessIdentity> | undefined;

/**
 * A name that no other process and no other call makes, and that tells whether the process of that `pid` still runs
 * (default: this one): what a process leaves behind when it is killed can then be told from what is in use.
 */
export async function processStamp(pid: number = process.pid): Promise<string> {
  const { started, boot, space } = await self();
  const { randomBytes } = await import("node:crypto");
  const since = pid === process.pid ? started : (startOf(pid) ?? "");
  return `${pid}-${since}-${boot}-${space}-${randomBytes(6).toString("hex")}`;
}

/** The process id in a stamp, for messages; 0 where there is none. */
export function pidOfStamp(stamp: string): number {
  return Number(shape.exec(stamp)?.[1] ?? 0);
}

/**
 * Whether the process of a stamp, or of a name that ends in `.STAMP`, has ended. undefined where that cannot be seen
 * from here (another machine or container), or where it is no stamp.
 */
export async function ownerHasEnded(name: string): Promise<boolean | undefined> {
  const match = shape.exec(name);
  if (match === null) return undefined;
  const [, pid = "", started = "", boot = "", space = ""] = match;
  const state = processState({ pid: Number(pid), started, boot, space, host: "" }, await self());
  return state === "unknown" ? undefined : state === "ended";
}

// Host names and the like may be long, and hold what file names may not.
async function self(): Promise<ProcessIdentity> {
  own ??= readOwnIdentity().then(async ({ pid, started, boot, space, host }) => ({
    pid,
    started,
    boot: await short(boot),
    space: await short(`${host} ${space}`),
    host: "",
  }));
  return own;
}

async function short(text: string): Promise<string> {
  // Loaded here: every plugin's start loads this file, and few ask.
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
