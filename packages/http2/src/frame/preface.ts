import { Buffer } from "node:buffer";

/** What a client sends before its first frame (RFC 9113 §3.4). */
export const clientPreface: Uint8Array = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** The protocol's name in TLS ALPN (RFC 9113 §3.2): set it as `ALPNProtocols` on both sides. */
export const alpnProtocol = "h2";
