import type { KeyObject } from "node:crypto";
import type { Duplex } from "node:stream";
import type { SecureContext, SecureContextOptions, Server, TLSSocket } from "node:tls";
import { type ByteStream, DrawbarError, systemClock, toError } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import { PluginConfigError } from "../errors.ts";
import type { TlsSettings } from "./tls-settings.ts";
import type { TransportSecurity } from "./transport-security.ts";

/** What is agreed on by ALPN: "h2" for gRPC, nothing for net/rpc. */
export type Alpn = "h2" | undefined;

// Loaded when it is used: a plugin's handshake line needs its certificate, and no TLS yet.
const tls = (): typeof import("node:tls") => process.getBuiltinModule("node:tls");

// A peer that connects and then says nothing must not be waited for.
const handshakeTimeoutMs = 10_000;

/**
 * TLS, at least 1.2. With `cert`, this side can accept; with `ca`, it checks the other side's certificate, also
 * where it accepts: then a peer without a certificate is refused.
 */
export function tlsSecurity(settings: TlsSettings, alpn: Alpn): TransportSecurity {
  return new TlsSecurity(settings, alpn);
}

/** @throws PluginConfigError if certificate and key cannot be read, or do not belong together */
export function checkTlsSettings(settings: TlsSettings): void {
  try {
    tls().createSecureContext(identityOf(settings));
  } catch (cause) {
    throw new PluginConfigError(`\`tls\` cannot be used: ${String(cause)}`, { cause });
  }
}

class TlsSecurity implements TransportSecurity {
  readonly #identity: SecureContextOptions;
  #context: SecureContext | undefined;
  readonly #checksPeer: boolean;
  readonly #serverName: string;
  readonly #alpn: string[];

  constructor(settings: TlsSettings, alpn: Alpn) {
    this.#identity = identityOf(settings);
    this.#checksPeer = settings.ca !== undefined;
    this.#serverName = settings.serverName ?? "localhost";
    this.#alpn = alpn === undefined ? [] : [alpn];
  }

  async dialed(connection: Duplex): Promise<ByteStream> {
    // Costs as much to make as a handshake, so that dialled connections share it, and who dials none has none.
    this.#context ??= tls().createSecureContext(this.#identity);
    const socket = tls().connect({
      secureContext: this.#context,
      socket: connection,
      servername: this.#serverName,
      ALPNProtocols: this.#alpn,
    });
    try {
      await secureConnect(socket);
    } catch (cause) {
      connection.destroy();
      const message = `TLS handshake failed: ${toError(cause).message}`;
      throw new DrawbarError("tls-handshake-failed", message, { cause });
    }
    return socketStream(socket);
  }

  acceptor(
    onStream: (stream: ByteStream) => void,
    onRefused: (error: Error) => void,
  ): (connection: Duplex) => void {
    let server: Server | undefined;
    const prepared = (): Server => {
      server ??= this.#server(onStream, onRefused);
      return server;
    };
    // Takes as long as a handshake. By then a plugin that has begun to listen has told its host where.
    setImmediate(prepared);
    return (connection) => {
      connection.on("error", () => {});
      // Who ends during the handshake is gone: half open, the socket would stay until the handshake's time is up.
      connection.allowHalfOpen = false;
      prepared().emit("connection", connection);
    };
  }

  #server(onStream: (stream: ByteStream) => void, onRefused: (error: Error) => void): Server {
    const server = tls().createServer(
      {
        ...this.#identity,
        requestCert: this.#checksPeer,
        rejectUnauthorized: this.#checksPeer,
        handshakeTimeout: handshakeTimeoutMs,
        ALPNProtocols: this.#alpn,
      },
      (socket) => {
        socket.allowHalfOpen = true;
        onStream(socketStream(socket));
      },
    );
    server.on("tlsClientError", (error, socket) => {
      socket.destroy();
      // Where the certificate was the reason, node's error says no more than that the connection ended.
      const untrusted = socket.authorizationError as Error | string | null | undefined;
      onRefused(untrusted ? new Error(`the peer's certificate is not trusted: ${String(untrusted)}`) : error);
    });
    return server;
  }
}

function secureConnect(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.setTimer(handshakeTimeoutMs, () =>
      socket.destroy(new Error(`no TLS handshake within ${handshakeTimeoutMs} ms`)),
    );
    const closed = (): void => reject(new Error("the connection was closed during the TLS handshake"));
    socket.once("error", reject);
    socket.once("close", closed);
    socket.once("close", () => timer.cancel());
    socket.once("secureConnect", () => {
      timer.cancel();
      socket.off("error", reject);
      socket.off("close", closed);
      resolve();
    });
  });
}

function identityOf({ cert, key, ca }: TlsSettings): SecureContextOptions {
  return {
    cert,
    key: key === undefined ? undefined : pemOf(key),
    ca: typeof ca === "object" ? [...ca] : ca,
    minVersion: "TLSv1.2",
  };
}

function pemOf(key: string | KeyObject): string {
  return typeof key === "string" ? key : key.export({ type: "pkcs8", format: "pem" }).toString();
}
