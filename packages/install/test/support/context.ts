import type { GetContext } from "@drawbar/install";

/** What a getter is given, for a platform that no test machine depends on. */
export function context(changes: Partial<GetContext> = {}): GetContext {
  return {
    name: "kv",
    platform: { os: "linux", arch: "amd64" },
    signal: new AbortController().signal,
    onBytes: () => {},
    ...changes,
  };
}
