/** What is managed of a client. */
export interface ManagedClient {
  kill(): Promise<void>;
  readonly signal: AbortSignal;
}

const managed = new Set<ManagedClient>();

/** Remembers a client for `cleanupClients`, until its plugin is over. */
export function manageClient(client: ManagedClient): void {
  if (client.signal.aborted) return;
  managed.add(client);
  client.signal.addEventListener("abort", () => managed.delete(client), { once: true });
}

/**
 * Kills every plugin that was launched with `managed: true` and still runs, all at once, and resolves when they are
 * over. Never rejects; may be called again, for those that were launched since.
 */
export async function cleanupClients(): Promise<void> {
  await Promise.all([...managed].map((client) => client.kill()));
}
