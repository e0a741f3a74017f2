import { selfSigned } from "@drawbar/x509/self-signed";
import { type TlsOptions, tlsSecurity } from "./tls-security.ts";
import type { TransportSecurity } from "./transport-security.ts";

/** The curves that AutoMTLS can use: go-plugin's is P-521; P-256 is quicker and known to every TLS stack. */
export type MtlsCurve = "P-256" | "P-521";

/**
 * One side of AutoMTLS: a fresh certificate that the other side is told, by environment or handshake line,
 * and trusts alone. The key never leaves this process's memory.
 */
export class AutoMtls {
  readonly #own: ReturnType<typeof selfSigned>;

  constructor(curve: MtlsCurve = "P-256") {
    this.#own = selfSigned({ curve });
  }

  /** This side's certificate as the host puts it into `PLUGIN_CLIENT_CERT`. */
  get certificatePem(): string {
    return this.#own.certificatePem;
  }

  /** This side's certificate as the plugin puts it into its handshake line: base64 without padding. */
  get certificateLine(): string {
    return Buffer.from(this.#own.certificateDer).toString("base64").replace(/=+$/, "");
  }

  /** Connections with the side that presents `peerCertificatePem`, and with nobody else. */
  trust(peerCertificatePem: string, alpn: TlsOptions["alpn"]): TransportSecurity {
    return tlsSecurity({
      cert: this.#own.certificatePem,
      key: this.#own.privateKey,
      ca: peerCertificatePem,
      ...(alpn === undefined ? {} : { alpn }),
    });
  }
}
