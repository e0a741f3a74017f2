/**
 * Releases of go-plugin that wait for the process while they still read its pipes, and so now and then read a closed
 * one, log that as an error, and miss a plugin's last words; 1.8.0 reads to the end first.
 */
export const readsClosedPipes = (release: string): boolean => release !== "1.8.0";

/** The lines of a Go host's log that complain, without what its own release gets wrong. */
export function complaints(
  log: string,
  release: string,
  pattern: RegExp = /"@level":"(warn|error)"|\[(WARN|ERR)\] yamux:/,
): string[] {
  return log
    .split("\n")
    .filter((line) => pattern.test(line))
    .filter((line) => !line.includes("plugin configured with a nil SecureConfig"))
    .filter((line) => !(readsClosedPipes(release) && line.includes("file already closed")));
}
