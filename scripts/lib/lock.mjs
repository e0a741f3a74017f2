import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const beatMs = 2_000;
const staleMs = 15_000;
const pollMs = 200;

/**
 * Runs `body` while this process holds the lock file `path`, waiting for another holder to finish.
 *
 * A holder touches its file every two seconds, so one that died is noticed whatever became of its
 * process id. Two processes may in rare cases both take over a dead holder's lock: what is built under
 * the lock is built under a name of its own and renamed, so that costs time and nothing else.
 *
 * @param onWait called once if the lock is held by another process
 */
export async function withLock(path, body, onWait = () => {}) {
  mkdirSync(dirname(path), { recursive: true });
  let waited = false;
  while (!tryTake(path)) {
    if (!waited) onWait();
    waited = true;
    await delay(pollMs);
  }
  const beat = setInterval(() => touch(path), beatMs);
  beat.unref();
  try {
    return await body();
  } finally {
    clearInterval(beat);
    rmSync(path, { force: true });
  }
}

function tryTake(path) {
  if (ageMs(path) > staleMs) rmSync(path, { force: true });
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Taken over by a process that thought this one dead; see above.
  }
}
