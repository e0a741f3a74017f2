import type { ServeOptions } from "./serve-options.ts";

/**
 * Makes this program a plugin. To be called once, at the end of its main module, and awaited: it ends the
 * process when the host says so (exit code 0), when there is no host (1), or when it cannot serve (1).
 *
 * The handshake line is the last thing printed to stdout. What the program writes to `process.stdout` and
 * `process.stderr` from then on reaches the host's `syncStdout` and `syncStderr`; use `pluginLogger` for
 * what belongs in the host's log.
 *
 * With `DRAWBAR_DEBUG=1` in its environment (or the name that hosts know it by) it serves without a host instead,
 * for a debugger, and prints what hosts attach with.
 */
export async function serve(options: ServeOptions): Promise<never> {
  const debug = process.env["DRAWBAR_DEBUG"] ?? "";
  if (debug !== "") {
    const { serveDebug } = await import("./serve-debug.ts");
    return serveDebug(options, debug);
  }
  // Loaded here, so that a host, which imports the same package, does not load a plugin's code.
  const { servePlugin } = await import("./serve-plugin.ts");
  return servePlugin(options);
}
