import { Socket } from "node:net";
import { type ByteStream, DrawbarError } from "@drawbar/io";
import { connectSocket, type SocketAddress, socketStream, toDuplex } from "@drawbar/io/node";
import type { TransportSecurity } from "../security/transport-security.ts";

/** A connection as the system or a test gives it: TLS wants a socket as it is. */
export type Connection = Socket | ByteStream;

/** Makes a connection to a plugin. */
export type Dial = (signal: AbortSignal) => Connection | Promise<Connection>;

/**
 * Connects to a plugin: at first by the connection that it was started with, where it serves that, and from then on,
 * or otherwise, at its address.
 */
export function pluginDial(address: SocketAddress, takeInherited: () => Socket | undefined): Dial {
  return (signal) => takeInherited() ?? dialSocket(address, signal);
}

/** Connects to the socket of a plugin; an error says what has become of it. */
async function dialSocket(address: SocketAddress, signal: AbortSignal): Promise<Socket> {
  try {
    return await connectSocket(address, signal);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (address.network !== "unix" || code !== "ENOENT") throw cause;
    throw new DrawbarError(
      "plugin-socket-gone",
      `the plugin's socket ${address.path} does not exist (ENOENT). If the plugin runs, something deleted the ` +
        "file, such as a cleaner of temporary folders (systemd-tmpfiles, tmpwatch): exclude it there, or set TMPDIR or " +
        "unixSocket.dir to another folder; the plugin must be launched anew",
      { cause, facts: { path: address.path } },
    );
  }
}

/** The connection as a stream, behind its security. */
export function secured(
  connection: Connection,
  security: TransportSecurity | undefined,
): ByteStream | Promise<ByteStream> {
  if (security === undefined) return toByteStream(connection);
  return security.dialed(connection instanceof Socket ? connection : toDuplex(connection));
}

/** The connection as a stream. */
export function toByteStream(connection: Connection): ByteStream {
  return connection instanceof Socket ? socketStream(connection) : connection;
}
