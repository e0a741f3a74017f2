import * as x509 from "@drawbar/x509";

/** A certificate for `localhost`, and the authority that gave it. In PEM. */
export interface TestCertificates {
  readonly key: string;
  readonly cert: string;
  /** What a client has to trust. */
  readonly ca: string;
}

interface CertificateOptions {
  readonly name?: string;
  /** It was valid yesterday only. */
  readonly expired?: boolean;
}

let usual: TestCertificates | undefined;

/** An authority and a certificate of it: those that all tests share, or with options new ones. */
export function testCertificates(options?: CertificateOptions): TestCertificates {
  if (options !== undefined) return makeCertificates(options);
  usual ??= makeCertificates({});
  return usual;
}

function makeCertificates(options: CertificateOptions): TestCertificates {
  const dayMs = 86_400_000;
  const now = Date.now();
  const validity = { notBefore: new Date(now - 2 * dayMs), notAfter: new Date(now + dayMs) };
  const authority = x509.generateKeySync({ type: "ec", curve: "P-256" });
  const ca = x509.createCertificateSync({
    subject: { commonName: "authority of a test" },
    publicKey: authority.publicKey,
    issuer: { key: authority.privateKey },
    basicConstraints: { ca: true },
    ...validity,
  });
  const own = x509.generateKeySync({ type: "ec", curve: "P-256" });
  const leaf = x509.createCertificateSync({
    subject: { commonName: "a server of a test" },
    publicKey: own.publicKey,
    issuer: { certificate: ca, key: authority.privateKey },
    subjectAltNames: { dnsNames: [options.name ?? "localhost"] },
    extKeyUsage: ["serverAuth"],
    ...validity,
    ...(options.expired === true ? { notAfter: new Date(now - dayMs) } : {}),
  });
  return { key: x509.privateKeyToPem(own.privateKey), cert: leaf.toPem(), ca: ca.toPem() };
}
