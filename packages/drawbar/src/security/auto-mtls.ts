import { X509Certificate } from "node:crypto";
import { type SelfSigned, selfSigned } from "@drawbar/x509/self-signed";
import { type Alpn, tlsSecurity } from "./tls-security.ts";
import type { AutoMtlsSettings } from "./tls-settings.ts";
import type { TransportSecurity } from "./transport-security.ts";

/**
 * One side of AutoMTLS: a fresh certificate that the other side is told, by environment or handshake line,
 * and trusts alone. The key never leaves this process's memory.
 */
export class AutoMtls {
  readonly #own: SelfSigned;

  constructor({ curve = "P-256" }: AutoMtlsSettings = {}) {
    this.#own = selfSigned({ curve });
  }

  /** This side's certificate as the host puts it into `PLUGIN_CLIENT_CERT`. */
  get certificatePem(): string {
    return this.#own.certificatePem;
  }

  /** This side's certificate as the plugin puts it, in base64, into its handshake line. */
  get certificateDer(): Uint8Array {
    return this.#own.certificateDer;
  }

  /**
   * Connections with the side that presents `peer`, and with nobody else.
   * @param peer PEM or DER
   * @throws the crypto library's error if it is no certificate
   */
  trust(peer: string | Uint8Array, alpn: Alpn): TransportSecurity {
    const ca = new X509Certificate(peer).toString();
    return tlsSecurity({ cert: this.#own.certificatePem, key: this.#own.privateKey, ca }, alpn);
  }
}
