import { fstatSync } from "node:fs";
import { Socket } from "node:net";

/**
 * Tells a plugin made with drawbar that its host has started it with a connection, and on which descriptor. A plugin
 * that serves it says so in its handshake line, and the host need not connect; any other leaves it alone.
 */
export const connectionVariable = "DRAWBAR_CONNECTION";

/** Where a plugin's process finds the connection. */
export const connectionDescriptor = 3;

/** What `connectionVariable` says to plugins of the host of that process id. */
export function connectionOffer(hostPid: number): string {
  return `${connectionDescriptor}:${hostPid}`;
}

/**
 * The connection that this process was started with; undefined if there is none. Takes the variable away, for it is
 * not meant for this process's children.
 */
export function takeInheritedConnection(): Socket | undefined {
  const offer = process.env[connectionVariable];
  delete process.env[connectionVariable];
  // A process in between, such as a script that waits for this one, has not passed on what it did not know of: the
  // descriptor may be anything here.
  if (offer !== connectionOffer(process.ppid) || !isSocket(connectionDescriptor)) return undefined;
  return new Socket({ fd: connectionDescriptor, readable: true, writable: true, allowHalfOpen: true });
}

function isSocket(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isSocket();
  } catch {
    return false;
  }
}
