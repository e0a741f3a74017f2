/**
 * Places that are asked instead of others, by the beginning of a source: `{ "https://example.com/": "https://mirror/" }`.
 * The lock file keeps the source as it was written.
 */
export type Mirrors = Readonly<Record<string, string>>;

/** The source to ask; of several beginnings that fit, the longest counts. */
export function mirrored(source: string, mirrors: Mirrors): string {
  let best: string | undefined;
  for (const beginning of Object.keys(mirrors)) {
    if (source.startsWith(beginning) && beginning.length > (best?.length ?? 0)) best = beginning;
  }
  return best === undefined ? source : `${mirrors[best]}${source.slice(best.length)}`;
}
