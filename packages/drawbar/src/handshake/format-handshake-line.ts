import type { SocketAddress } from "@drawbar/io/node";
import { coreProtocolVersion, type Protocol } from "./handshake.ts";
import { formatSocketAddress } from "./socket-address.ts";

/** What a plugin announces of itself. */
export interface Announcement {
  readonly version: number;
  readonly address: SocketAddress;
  readonly protocol: Protocol;
  /** DER; sent only to a host that sent its own certificate, since others fail on it. */
  readonly serverCert?: Uint8Array;
  /** Only for a host that asked: older ones take a seventh field for part of the sixth. */
  readonly multiplex?: true;
  /** Only for a host that offered it: the plugin serves the connection that it was started with. */
  readonly inherited?: true;
}

/** The line on stdout that ends a plugin's start, with its newline. */
export function formatHandshakeLine(announcement: Announcement): string {
  const { version, address, protocol, serverCert, multiplex = false, inherited = false } = announcement;
  const cert = serverCert === undefined ? "" : Buffer.from(serverCert).toString("base64").replace(/=+$/, "");
  const fields: (string | number | boolean)[] = [
    coreProtocolVersion,
    version,
    address.network,
    formatSocketAddress(address),
    protocol,
    cert,
  ];
  if (multiplex || inherited) fields.push(multiplex);
  if (inherited) fields.push("inherited");
  return `${fields.join("|")}\n`;
}
