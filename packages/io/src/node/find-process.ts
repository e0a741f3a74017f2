import { readFileSync } from "node:fs";

/** What is known of a process by its number alone. */
export type FoundProcess =
  | { readonly kind: "gone" }
  /** `startedAt` tells it from a later process of the same number; undefined where the system does not say. */
  | { readonly kind: "running"; readonly startedAt: string | undefined };

/** Looks a process up. One that has ended and was not yet waited for by its parent counts as gone. */
export function findProcess(pid: number): FoundProcess {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return { kind: "gone" };
  }
  const stat = readProcStat(pid);
  if (stat?.state === "Z" || stat?.state === "X") return { kind: "gone" };
  return { kind: "running", startedAt: stat?.startedAt };
}

/** True if `pid` is still the process that was `found`. */
export function isSameProcess(pid: number, found: FoundProcess): boolean {
  const now = findProcess(pid);
  return now.kind === "running" && found.kind === "running" && now.startedAt === found.startedAt;
}

/** The number of the group that a process is in; undefined where the system does not say. */
export function processGroup(pid: number): number | undefined {
  return readProcStat(pid)?.group;
}

interface ProcStat {
  readonly state: string | undefined;
  readonly group: number;
  readonly startedAt: string | undefined;
}

function readProcStat(pid: number): ProcStat | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // proc(5): the name in parentheses may hold anything; state, parent and group follow it, field 22 is the start.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0], group: Number(fields[2]), startedAt: fields[19] };
  } catch {
    return undefined;
  }
}
