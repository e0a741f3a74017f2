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
  // proc(5): the name in parentheses may hold anything; the state follows it, the start time is field 22.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields?.[0] === "Z" || fields?.[0] === "X") return { kind: "gone" };
  return { kind: "running", startedAt: fields?.[19] };
}

/** True if `pid` is still the process that was `found`. */
export function isSameProcess(pid: number, found: FoundProcess): boolean {
  const now = findProcess(pid);
  return now.kind === "running" && found.kind === "running" && now.startedAt === found.startedAt;
}

function readProcStat(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
}
