import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
// From conformance/dist/support, where this file runs.
const peersScript = fileURLToPath(new URL("../../../scripts/peers.mjs", import.meta.url));

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
  const path = paths.get(wanted) ?? askForPath(wanted);
  paths.set(wanted, path);
  return path;
}

const paths = new Map<string, Promise<string>>();

async function askForPath(wanted: string): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [peersScript, "--path", wanted], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  } catch (error) {
    const stderr = (error as { stderr?: string }).stderr?.trim();
    throw new Error(`peer ${wanted} is not available: ${stderr || String(error)}`, { cause: error });
  }
}
