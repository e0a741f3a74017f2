import { readdirSync, readFileSync } from "node:fs";

/** What a process holds of the system and of node's event loop, by kind. */
export type Holdings = Readonly<Record<string, number>>;

/**
 * What this process holds now: open descriptors, child processes, what keeps the event loop busy (timers, sockets,
 * listening servers, pipes, children; node's name for each), and listeners on `process`.
 */
export function holdings(): Holdings {
  const held: Record<string, number> = {
    descriptors: readdirSync("/proc/self/fd").length,
    children: children(process.pid).length,
    "listeners of process": process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
  for (const kind of process.getActiveResourcesInfo()) held[kind] = (held[kind] ?? 0) + 1;
  return held;
}

/** The processes whose parent is `pid`, ended ones that were not waited for among them. */
function children(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // "pid (name) state parent …", where a name may hold anything.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

// Far more than a connection needs to close in order, TLS included.
const settleMs = 5_000;

/** Waits until this process holds no more than `before`, for 5 s at most, and tells what is left over. */
export async function leftOver(before: Holdings): Promise<Holdings> {
  const end = performance.now() + settleMs;
  for (;;) {
    const more = Object.entries(holdings()).filter(([kind, count]) => count > (before[kind] ?? 0));
    if (more.length === 0 || performance.now() > end) {
      return Object.fromEntries(more.map(([kind, count]) => [kind, count - (before[kind] ?? 0)]));
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
