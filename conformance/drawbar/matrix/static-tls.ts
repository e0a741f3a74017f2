import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "@drawbar/x509/self-signed";
import type { TlsSettings } from "drawbar";

/** A certificate that both sides use and trust: as our settings, and as the folder that a Go program's -tls takes. */
export function staticTls(folder: string): TlsSettings {
  const { certificatePem, privateKey } = selfSigned({ curve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const files = { "cert.pem": certificatePem, "key.pem": key, "ca.pem": certificatePem };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { cert: certificatePem, key, ca: certificatePem };
}
