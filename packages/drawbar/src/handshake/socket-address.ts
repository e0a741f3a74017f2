import type { SocketAddress } from "@drawbar/io/node";
import { parseGoInt } from "./go-text.ts";

/**
 * The address in a handshake line or from a broker; undefined if it is none. `network` is `unix` or `tcp`.
 * A TCP address without a host means this machine, as it does for Go's dialer.
 */
export function parseSocketAddress(network: "unix" | "tcp", address: string): SocketAddress | undefined {
  if (network === "unix") return address === "" ? undefined : { network, path: address };
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address);
  const port = parseGoInt(match?.[3] ?? "");
  if (match === null || port === undefined || port > 65_535) return undefined;
  return { network, host: match[1] || match[2] || "127.0.0.1", port };
}

/** The address as it stands in a handshake line. */
export function formatSocketAddress(address: SocketAddress): string {
  if (address.network === "unix") return address.path;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
