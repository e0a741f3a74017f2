// Plugins whose processes run now, each by what ends it at once, without waiting.
const live = new Set<() => void>();

function endAll(): void {
  for (const end of live) end();
}

/**
 * Ends the plugin with this process: when the host's process exits in order, no plugin stays behind.
 * Returns what forgets it again. The exit listener exists only while there is a plugin.
 */
export function endWithThisProcess(end: () => void): () => void {
  if (live.size === 0) process.on("exit", endAll);
  live.add(end);
  return () => {
    if (live.delete(end) && live.size === 0) process.off("exit", endAll);
  };
}
