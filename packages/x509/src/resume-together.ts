import { atNextTurn } from "@drawbar/io";

let waiting: (() => void)[] = [];

/**
 * Calls `resume` in a later turn of the event loop, in one turn with all others that are handed in until then.
 * node tells one by one what its threads have ended; whoever answers a peer after that would write each answer
 * by itself, and a peer would read them so.
 */
export function resumeTogether(resume: () => void): void {
  if (waiting.length === 0) atNextTurn(resumeAll);
  waiting.push(resume);
}

function resumeAll(): void {
  const resumed = waiting;
  waiting = [];
  for (const resume of resumed) resume();
}
