import type { TestServeOptions, TestServing } from "./test-serving.ts";

/**
 * Serves plugins in this process, in go-plugin's test mode: for tests, and for a plugin that is started by itself
 * under a debugger. No cookie is asked for, no handshake line is printed, no signal is touched, the process does
 * not end; hosts attach with `reattachConfig`. Of several versions the highest is served, unless
 * `PLUGIN_PROTOCOL_VERSIONS` names others. Rejects where nothing can be served.
 */
export async function serveTest(options: TestServeOptions): Promise<TestServing> {
  const { startTestServing } = await import("./test-serving.ts");
  return startTestServing(options);
}
