import type { KeyObject } from "node:crypto";

/** One side's identity and whom it trusts. PEM texts throughout. */
export interface TlsSettings {
  /** This side's certificate, followed by its chain if it has one. A plugin needs one. */
  readonly cert?: string;
  readonly key?: string | KeyObject;
  /**
   * The certificates that the other side's must be signed by, or be. A host needs it; a plugin that has it
   * refuses hosts without such a certificate.
   */
  readonly ca?: string | readonly string[];
  /** The name that the other side's certificate must have where this side dials. Default "localhost". */
  readonly serverName?: string;
}

/** How AutoMTLS makes this side's certificate. */
export interface AutoMtlsSettings {
  /** Default "P-256". Certificates of either curve are accepted from the other side. */
  readonly curve?: MtlsCurve;
}

/** The curves that AutoMTLS can use: go-plugin's is P-521; P-256 is quicker and known to every TLS stack. */
export type MtlsCurve = "P-256" | "P-521";
