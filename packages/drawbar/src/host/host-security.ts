import { PluginConfigError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import type { AcceptedHandshake, RefusedHandshake } from "../handshake/read-handshake-line.ts";
import type { AutoMtls } from "../security/auto-mtls.ts";
import type { Alpn } from "../security/tls-security.ts";
import type { AutoMtlsSettings, TlsSettings } from "../security/tls-settings.ts";
import type { TransportSecurity } from "../security/transport-security.ts";

/** What of a host's settings decides how its connections are secured. */
export interface SecuritySettings {
  readonly tls?: TlsSettings;
  readonly autoMtls?: boolean | AutoMtlsSettings;
}

/** How a host secures its connections to one plugin: not at all, as it was told, or by AutoMTLS. */
export type HostSecurity =
  | { readonly kind: "none" }
  | { readonly kind: "static"; readonly settings: TlsSettings }
  | { readonly kind: "auto"; readonly own: AutoMtls };

/**
 * Decides it, before the plugin is started. What TLS needs is loaded only where it is asked for.
 * @throws PluginConfigError
 */
export async function hostSecurity({ tls, autoMtls }: SecuritySettings): Promise<HostSecurity> {
  if (tls !== undefined) {
    if (autoMtls) throw new PluginConfigError("tls and autoMtls exclude each other: set one of them");
    if (tls.ca === undefined) throw caMissing();
    const { checkTlsSettings } = await import("../security/tls-security.ts");
    checkTlsSettings(tls);
    return { kind: "static", settings: tls };
  }
  if (!autoMtls) return { kind: "none" };
  const { AutoMtls } = await import("../security/auto-mtls.ts");
  return { kind: "auto", own: new AutoMtls(autoMtls === true ? {} : autoMtls) };
}

/** What secures the connections to a plugin with this handshake; or why it must not be connected to. */
export async function secureConnections(
  security: HostSecurity,
  { protocol, serverCert }: AcceptedHandshake,
): Promise<TransportSecurity | RefusedHandshake | undefined> {
  switch (security.kind) {
    case "none":
      return serverCert === undefined ? undefined : certUnexpected;
    case "static":
      return staticSecurity(security.settings, protocol);
    case "auto":
      if (serverCert === undefined) return certMissing;
      try {
        return security.own.trust(serverCert, alpnOf(protocol));
      } catch (error) {
        return refuse("server-cert-invalid", `error parsing server cert: ${String(error)}`);
      }
  }
}

/** What secures connections by certificates of the host's own; undefined without. */
export async function staticSecurity(
  tls: TlsSettings | undefined,
  protocol: Protocol,
): Promise<TransportSecurity | undefined> {
  if (tls === undefined) return undefined;
  if (tls.ca === undefined) throw caMissing();
  const { tlsSecurity } = await import("../security/tls-security.ts");
  return tlsSecurity(tls, alpnOf(protocol));
}

function caMissing(): PluginConfigError {
  return new PluginConfigError("tls.ca must say which plugins to trust");
}

function alpnOf(protocol: Protocol): Alpn {
  return protocol === "grpc" ? "h2" : undefined;
}

function refuse(code: RefusedHandshake["code"], message: string): RefusedHandshake {
  return { ok: false, code, message };
}

// Upstream's host panics here.
const certUnexpected: RefusedHandshake = refuse(
  "server-cert-unexpected",
  "the plugin sent a certificate, so it expects TLS, which this host did not ask for; set `autoMtls: true`, " +
    "or let the plugin send its certificate only when PLUGIN_CLIENT_CERT is set",
);

const certMissing: RefusedHandshake = refuse(
  "server-cert-missing",
  "the host asked for AutoMTLS and the plugin sent no certificate; use a plugin that supports AutoMTLS, or turn " +
    "`autoMtls` off if the plugin is to be used without it",
);
