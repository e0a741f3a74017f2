import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

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

/** This process. */
export async function readOwnIdentity(): Promise<ProcessIdentity> {
  return {
    pid: process.pid,
    started: await startOf(process.pid),
    boot: (await readOr("/proc/sys/kernel/random/boot_id")).trim(),
    space: await readlink("/proc/self/ns/pid").catch(() => ""),
    host: hostname(),
  };
}

/** Whether a process still runs, as far as `self` can see. */
export async function processState(
  other: ProcessIdentity,
  self: ProcessIdentity,
): Promise<"running" | "ended" | "unknown"> {
  if (other.host !== self.host) return "unknown";
  if (other.boot !== self.boot) return "ended";
  if (other.space !== self.space) return "unknown";
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "ended";
  }
  return (await startOf(other.pid)) === other.started ? "running" : "ended";
}

// The name in brackets may hold anything; the start is the 20th field after it (proc(5)).
async function startOf(pid: number): Promise<string> {
  const stat = await readOr(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

async function readOr(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}
