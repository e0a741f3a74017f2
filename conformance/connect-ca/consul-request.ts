import { type CertificateRequest, createCertificateRequest, generateKey } from "@drawbar/x509";
import { contractClusterId } from "connect-ca/testing";

/** A CA's request as Consul's own provider makes it: no subject, one URI, and the wish to be a CA. */
export async function consulRequest(): Promise<CertificateRequest> {
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  return await createCertificateRequest({
    key: privateKey,
    subjectAltNames: { uris: [`spiffe://${contractClusterId}.consul`] },
    basicConstraints: { ca: true },
  });
}
