import { existsSync } from "node:fs";
import type { SocketAddress } from "@drawbar/io/node";

const pollMs = 1;
const longestWaitMs = 1_000;

/**
 * Waits, without giving way to anything else, until a plugin that serves the connection it was started with listens
 * too. It begins to some 30 ms after its handshake line, and from then on this takes no time. Gives up after a second: then the
 * plugin has ended, or something has deleted its socket.
 */
export function untilListening(address: SocketAddress): void {
  if (address.network !== "unix") return;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const endMs = Date.now() + longestWaitMs;
  while (!existsSync(address.path) && Date.now() < endMs) Atomics.wait(cell, 0, 0, pollMs);
}
