import { createLogger, type LogEntry, type Logger } from "drawbar";

/** A logger that keeps what it gets. */
export function recorder(): { readonly entries: LogEntry[]; readonly logger: Logger; readonly until: Until } {
  const entries: LogEntry[] = [];
  const waiting = new Set<() => void>();
  const write = (entry: LogEntry): void => {
    entries.push(entry);
    for (const look of waiting) look();
  };
  const until: Until = (found) =>
    new Promise((resolve) => {
      const look = (): void => {
        const entry = entries.find(found);
        if (entry === undefined) return;
        waiting.delete(look);
        resolve(entry);
      };
      waiting.add(look);
      look();
    });
  return { entries, logger: createLogger({ level: "trace", write }), until };
}

/** Resolves with the first entry that fits, now or later. */
export type Until = (found: (entry: LogEntry) => boolean) => Promise<LogEntry>;

/** A sink that keeps what it gets. */
export function collector(): { write(chunk: Uint8Array): void; text(): string } {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => {
      chunks.push(Buffer.from(chunk));
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}
