/** What `scripts/lib/peers/cache.mjs` has of use here. */
interface PeerCache {
  ensureProgram(name: string, program?: string): Promise<string>;
}

// From conformance/dist/support, where this file runs.
const peerCache = new URL("../../../scripts/lib/peers/cache.mjs", import.meta.url);

/**
 * The path of a foreign program that a test talks to, built first if it is not in the cache yet
 * (another process may be building it: then this waits for it).
 *
 * @param name a peer of `conformance/peers/peers.mjs`
 * @param binary which of the peer's programs; may be left out where it has only one
 * @throws with the build's own words when the peer cannot be built, such as how to install Go
 */
export function peerPath(name: string, binary?: string): Promise<string> {
  const wanted = binary === undefined ? name : `${name}/${binary}`;
  const path = paths.get(wanted) ?? find(wanted, name, binary);
  paths.set(wanted, path);
  return path;
}

const paths = new Map<string, Promise<string>>();

async function find(wanted: string, name: string, binary?: string): Promise<string> {
  try {
    const { ensureProgram } = (await import(peerCache.href)) as PeerCache;
    return await ensureProgram(name, binary);
  } catch (error) {
    throw new Error(`peer ${wanted} is not available: ${(error as Error).message}`, { cause: error });
  }
}
