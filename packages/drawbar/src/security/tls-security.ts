import type { KeyObject } from "node:crypto";
import type { Duplex } from "node:stream";
import { connect, createServer, type SecureContextOptions } from "node:tls";
import { type ByteStream, systemClock } from "@drawbar/io";
import { socketStream } from "@drawbar/io/node";
import type { TransportSecurity } from "./transport-security.ts";

/** One side's identity, whom it trusts, and what it speaks. PEM texts throughout. */
export interface TlsOptions {
  /** This side's certificate, followed by its chain if it has one. */
  readonly cert: string;
  readonly key: string | KeyObject;
  /** The certificates that the other side's must be signed by, or be. */
  readonly ca: string | readonly string[];
  /** The name that the other side's certificate must have when this side dials. Default "localhost". */
  readonly serverName?: string;
  /** What is agreed on by ALPN: "h2" for gRPC, nothing for net/rpc. */
  readonly alpn?: "h2";
}

// A peer that connects and then says nothing must not be waited for.
const handshakeTimeoutMs = 10_000;

/** Mutual TLS, at least 1.2: both sides present a certificate and check the other's. */
export function tlsSecurity(options: TlsOptions): TransportSecurity {
  return new TlsSecurity(options);
}

class TlsSecurity implements TransportSecurity {
  readonly #context: SecureContextOptions;
  readonly #serverName: string;
  readonly #alpn: string[];

  constructor({ cert, key, ca, serverName = "localhost", alpn }: TlsOptions) {
    this.#context = {
      cert,
      key: typeof key === "string" ? key : key.export({ type: "pkcs8", format: "pem" }),
      ca: typeof ca === "string" ? ca : [...ca],
      minVersion: "TLSv1.2",
    };
    this.#serverName = serverName;
    this.#alpn = alpn === undefined ? [] : [alpn];
  }

  dialed(connection: Duplex): Promise<ByteStream> {
    return new Promise((resolve, reject) => {
      const socket = connect({
        ...this.#context,
        socket: connection,
        servername: this.#serverName,
        ALPNProtocols: this.#alpn,
      });
      const timer = systemClock.setTimer(handshakeTimeoutMs, () =>
        socket.destroy(new Error(`no TLS handshake within ${handshakeTimeoutMs} ms`)),
      );
      const fail = (error: Error): void => {
        timer.cancel();
        connection.destroy();
        reject(error);
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
        ...this.#context,
        requestCert: true,
        rejectUnauthorized: true,
        handshakeTimeout: handshakeTimeoutMs,
        ALPNProtocols: this.#alpn,
      },
      (socket) => onStream(socketStream(socket)),
    );
    server.on("tlsClientError", (error, socket) => {
      socket.destroy();
      onRefused(error);
    });
    return (connection) => {
      connection.on("error", () => {});
      server.emit("connection", connection);
    };
  }
}
