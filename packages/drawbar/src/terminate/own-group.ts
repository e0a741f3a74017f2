import { processGroup } from "@drawbar/io/node";

/** Tells a plugin made with drawbar that its host has started it in a process group of its own. */
export const groupVariable = "DRAWBAR_PROCESS_GROUP";

/**
 * Gives what ends the process group that a host has made for this program, this process included; undefined if it made
 * none. Takes the variable away, for it is not meant for this process's children.
 */
export function takeOwnGroup(): (() => void) | undefined {
  const isOwn = process.env[groupVariable] === "own";
  delete process.env[groupVariable];
  if (!isOwn) return undefined;
  const group = processGroup(process.pid) ?? process.pid;
  // It leads the group, or a script that stands before it does.
  if (group !== process.pid && group !== process.ppid) return undefined;
  return () => process.kill(-group, "SIGKILL");
}
