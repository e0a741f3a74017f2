import type { KeyObject } from "node:crypto";
import type { Duplex } from "node:stream";
import {
  connect,
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
} from "node:tls";
import { type ByteStream, DrawbarError, systemClock } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import type { TlsSettings } from "./tls-settings.ts";
import type { TransportSecurity } from "./transport-security.ts";

/** What is agreed on by ALPN: "h2" for gRPC, nothing for net/rpc. */
export type Alpn = "h2" | undefined;

// A peer that connects and then says nothing must not be waited for.
const handshakeTimeoutMs = 10_000;

/**
 * TLS, at least 1.2. With `cert`, this side can accept; with `ca`, it checks the other side's certificate, also
 * where it accepts: then a peer without a certificate is refused.
 * @throws the TLS library's error if certificate and key cannot be read or do not belong together
 */
export function tlsSecurity(settings: TlsSettings, alpn: Alpn): TransportSecurity {
  return new TlsSecurity(settings, alpn);
}

class TlsSecurity implements TransportSecurity {
  readonly #identity: SecureContextOptions;
  // Costs as much as a handshake to make, so that dialled connections share it.
  readonly #context: SecureContext;
  readonly #checksPeer: boolean;
  readonly #serverName: string;
  readonly #alpn: string[];

  constructor({ cert, key, ca, serverName = "localhost" }: TlsSettings, alpn: Alpn) {
    this.#identity = {
      cert,
      key: key === undefined ? undefined : pemOf(key),
      ca: typeof ca === "object" ? [...ca] : ca,
      minVersion: "TLSv1.2",
    };
    this.#context = createSecureContext(this.#identity);
    this.#checksPeer = ca !== undefined;
    this.#serverName = serverName;
    this.#alpn = alpn === undefined ? [] : [alpn];
  }

  dialed(connection: Duplex): Promise<ByteStream> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        secureContext: this.#context,
        socket: connection,
        servername: this.#serverName,
        ALPNProtocols: this.#alpn,
      });
      const timer = systemClock.setTimer(handshakeTimeoutMs, () =>
        socket.destroy(new Error(`no TLS handshake within ${handshakeTimeoutMs} ms`)),
      );
      const fail = (cause: Error): void => {
        timer.cancel();
        connection.destroy();
        const message = `TLS handshake failed: ${cause.message}`;
        reject(new DrawbarError("tls-handshake-failed", message, { cause }));
      };
      const closed = (): void => fail(new Error("the connection was closed during the TLS handshake"));
      socket.once("error", fail);
      socket.once("close", closed);
      socket.once("secureConnect", () => {
        timer.cancel();
        socket.off("error", fail);
        socket.off("close", closed);
        resolve(socketStream(socket));
      });
    });
  }

  acceptor(
    onStream: (stream: ByteStream) => void,
    onRefused: (error: Error) => void,
  ): (connection: Duplex) => void {
    const server = createServer(
      {
        ...this.#identity,
        requestCert: this.#checksPeer,
        rejectUnauthorized: this.#checksPeer,
        handshakeTimeout: handshakeTimeoutMs,
        ALPNProtocols: this.#alpn,
      },
      (socket) => onStream(socketStream(socket)),
    );
    server.on("tlsClientError", (error, socket) => {
      socket.destroy();
      // Where the certificate was the reason, node's error says no more than that the connection ended.
      const untrusted = socket.authorizationError as Error | string | null | undefined;
      onRefused(untrusted ? new Error(`the peer's certificate is not trusted: ${String(untrusted)}`) : error);
    });
    return (connection) => {
      connection.on("error", () => {});
      server.emit("connection", connection);
    };
  }
}

function pemOf(key: string | KeyObject): string {
  return typeof key === "string" ? key : key.export({ type: "pkcs8", format: "pem" }).toString();
}
