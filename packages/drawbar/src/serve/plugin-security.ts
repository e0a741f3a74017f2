import { DrawbarError } from "@drawbar/io";
import { PluginConfigError } from "../errors.ts";
import type { Alpn } from "../security/tls-security.ts";
import type { TransportSecurity } from "../security/transport-security.ts";
import type { ServeOptions } from "./serve-options.ts";

/** How a plugin secures its connections, and the certificate that its handshake line tells. */
export interface PluginSecurity {
  readonly transport: TransportSecurity | undefined;
  /** DER; with AutoMTLS alone, since hosts that did not ask for it fail on it. */
  readonly serverCert: Uint8Array | undefined;
}

/**
 * What the options and the host ask for. What TLS needs is loaded only then.
 *
 * @param clientCert what the host put into `PLUGIN_CLIENT_CERT`; empty without AutoMTLS
 */
export async function pluginSecurity(
  { tls, autoMtls }: Pick<ServeOptions, "tls" | "autoMtls">,
  clientCert: string,
  alpn: Alpn,
): Promise<PluginSecurity> {
  if (tls === undefined && clientCert === "") return { transport: undefined, serverCert: undefined };
  if (tls === undefined) return autoMtlsSecurity(autoMtls, clientCert, alpn);
  if (clientCert !== "") {
    throw new PluginConfigError(
      "the host asks for AutoMTLS (PLUGIN_CLIENT_CERT) and this plugin serves with TLS of its own (`tls`): " +
        "they exclude each other; turn one of them off",
    );
  }
  const settings = typeof tls === "function" ? await tls() : tls;
  if (settings.cert === undefined || settings.key === undefined) {
    throw new PluginConfigError("a plugin's `tls` must have a certificate and its key (cert, key)");
  }
  const { checkTlsSettings, tlsSecurity } = await import("../security/tls-security.ts");
  checkTlsSettings(settings);
  return { transport: tlsSecurity(settings, alpn), serverCert: undefined };
}

async function autoMtlsSecurity(
  settings: ServeOptions["autoMtls"],
  clientCert: string,
  alpn: Alpn,
): Promise<PluginSecurity> {
  const { AutoMtls } = await import("../security/auto-mtls.ts");
  const own = new AutoMtls(settings);
  try {
    return { transport: own.trust(clientCert, alpn), serverCert: own.certificateDer };
  } catch (cause) {
    // Upstream goes on, and every connection of the host is refused without a word about this.
    throw new DrawbarError(
      "client-cert-invalid",
      `the host's certificate (PLUGIN_CLIENT_CERT) cannot be read: ${String(cause)}`,
      { cause },
    );
  }
}
