import { type Certificate, parseCertificates } from "@drawbar/x509";
import { ProviderError } from "../../provider/provider-error.ts";

/** What Vault gave as certificates, parsed, one at least; else a ProviderError that begins with `what`. */
export function certificatesOf(what: string, pem: string): [Certificate, ...Certificate[]] {
  let cause: unknown;
  try {
    const [first, ...others] = parseCertificates(pem);
    if (first !== undefined) return [first, ...others];
  } catch (error) {
    cause = error;
  }
  throw new ProviderError("ca-backend-failed", `${what}: what Vault gave is no certificate`, { cause });
}
