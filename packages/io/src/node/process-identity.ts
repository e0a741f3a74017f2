import { findProcess } from "./find-process.ts";

/** What tells a process from every other, as far as the system says; "" for what it does not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own count: process ids are used again. */
  readonly started: string;
  /** Which start of the machine that was. */
  readonly boot: string;
  /** The space in which the pid counts; containers have their own. */
  readonly space: string;
  readonly host: string;
}

const bootIdFile = "/proc/sys/kernel/random/boot_id";

/** This process. */
export async function readOwnIdentity(): Promise<ProcessIdentity> {
  // Loaded here: every plugin's start loads this file, and few ask.
  const [{ hostname }, { readFile, readlink }] = await Promise.all([
    import("node:os"),
    import("node:fs/promises"),
  ]);
  return {
    pid: process.pid,
    started: startOf(process.pid) ?? "",
    boot: (await readFile(bootIdFile, "utf8").catch(() => "")).trim(),
    space: await readlink("/proc/self/ns/pid").catch(() => ""),
    host: hostname(),
  };
}

/** Whether a process still runs, as far as `self` can see. */
export function processState(other: ProcessIdentity, self: ProcessIdentity): "running" | "ended" | "unknown" {
  if (other.host !== self.host) return "unknown";
  if (other.boot !== self.boot) return "ended";
  if (other.space !== self.space) return "unknown";
  return startOf(other.pid) === other.started ? "running" : "ended";
}

/** When a process started; undefined if there is no such process, "" if the system does not say. */
export function startOf(pid: number): string | undefined {
  const found = findProcess(pid);
  return found.kind === "running" ? (found.startedAt ?? "") : undefined;
}
