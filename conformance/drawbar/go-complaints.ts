// Releases of go-plugin that wait for the process while they still read its pipes, and so now and then read a
// closed one and log that as an error; 1.8.0 reads to the end first.
const readsClosedPipes = (release: string): boolean => release !== "1.8.0";

/** The lines of a Go host's log that complain, without what its own release gets wrong. */
export function complaints(
  log: string,
  release: string,
  pattern: RegExp = /"@level":"(warn|error)"/,
): string[] {
  return log
    .split("\n")
    .filter((line) => pattern.test(line))
    .filter((line) => !(readsClosedPipes(release) && line.includes("file already closed")));
}
