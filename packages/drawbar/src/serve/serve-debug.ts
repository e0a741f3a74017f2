import { basename } from "node:path";
import { formatReattachProviders } from "../reattach/reattach-config.ts";
import { reportCrashes } from "./report-crashes.ts";
import type { ServeOptions } from "./serve-options.ts";
import { startTestServing } from "./test-serving.ts";

/**
 * Serves without a host, for a debugger: prints what hosts attach with, and ends at SIGINT or SIGTERM, or when a
 * host asks for it.
 *
 * @param value of the variable: the name for `TF_REATTACH_PROVIDERS`, or `1` for that of the program
 */
export async function serveDebug(options: ServeOptions, value: string): Promise<never> {
  reportCrashes();
  const serving = await startTestServing({ ...options, syncStdio: true });
  const config = serving.reattachConfig;
  const name = value === "1" || value === "true" ? basename(process.argv[1] ?? "plugin") : value;
  process.stdout.write(
    `Plugin started in process ${config.Pid}; hosts attach to it with one of these. Ctrl-C ends it.\n\n` +
      `DRAWBAR_REATTACH=${quote(JSON.stringify(config))}\n` +
      `TF_REATTACH_PROVIDERS=${quote(formatReattachProviders({ [name]: config }))}\n\n`,
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void serving.close());
  await serving.closed;
  process.exit(0);
}

// For a POSIX shell; neither a path nor a name has a reason to hold a quote, but may.
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
