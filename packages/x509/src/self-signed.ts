/**
 * The certificate of AutoMTLS, apart from everything else: a plugin makes one while its host waits, so
 * this entry point loads only what writes a certificate, no parser.
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { encodeCertificateBody, encodeSigned } from "./encode/certificate.ts";
import {
  basicConstraintsExtension,
  extKeyUsageExtension,
  keyUsageExtension,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from "./encode/extensions.ts";
import { encodeName } from "./encode/name.ts";
import { encodePem } from "./encode/pem.ts";
import { keyIdOf } from "./key-id.ts";
import { signSync } from "./sign.ts";
import { signatureAlgorithms } from "./signature-algorithm.ts";

/** What `selfSigned` takes. The defaults are those of go-plugin's generateCert. */
export interface SelfSignedOptions {
  /** Default "localhost". */
  readonly commonName?: string;
  /** Default "HashiCorp". */
  readonly organization?: string;
  /** Default: the common name. */
  readonly dnsNames?: readonly string[];
  /** Default "P-521", as go-plugin; "P-256" is several times faster and understood by every TLS stack. */
  readonly curve?: "P-256" | "P-521";
  /** Default 30 seconds ago: the peer's clock may be behind. */
  readonly notBefore?: Date;
  /** Default 262980 hours (30 years) from now. */
  readonly notAfter?: Date;
}

/** A certificate and its key. */
export interface SelfSigned {
  readonly certificatePem: string;
  readonly certificateDer: Uint8Array;
  readonly privateKey: KeyObject;
  /** SEC1 (`EC PRIVATE KEY`), as go-plugin has it. Made when first asked for. */
  readonly privateKeyPem: string;
}

const curves = {
  "P-256": { namedCurve: "P-256", algorithm: signatureAlgorithms["ecdsa-sha256"] },
  "P-521": { namedCurve: "P-521", algorithm: signatureAlgorithms["ecdsa-sha512"] },
} as const;

/**
 * A fresh key and a certificate for it that is CA, client and server at once: each side of an AutoMTLS
 * connection trusts exactly the other's.
 */
export function selfSigned(options: SelfSignedOptions = {}): SelfSigned {
  const { commonName = "localhost", organization = "HashiCorp", curve = "P-521" } = options;
  const { namedCurve, algorithm } = curves[curve];
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const publicKeySpki = publicKey.export({ type: "spki", format: "der" });
  const name = encodeName({ commonName, organization });
  const body = encodeCertificateBody({
    serialNumber: randomBytes(16).reduce((value, octet) => (value << 8n) | BigInt(octet), 0n),
    signatureAlgorithm: algorithm.identifier,
    issuer: name,
    subject: name,
    notBefore: options.notBefore ?? new Date(Date.now() - clockSkewMs),
    notAfter: options.notAfter ?? new Date(Date.now() + lifetimeMs),
    publicKeySpki,
    extensions: [
      keyUsageExtension(["digitalSignature", "keyEncipherment", "keyAgreement", "certSign"]),
      extKeyUsageExtension(["clientAuth", "serverAuth"]),
      basicConstraintsExtension({ ca: true }),
      subjectKeyIdExtension(keyIdOf(publicKeySpki, "sha256-160")),
      subjectAltNameExtension({ dnsNames: options.dnsNames ?? [commonName] }, false),
    ],
  });
  const signature = signSync(algorithm, body, privateKey);
  const certificateDer = encodeSigned(body, algorithm.identifier, signature);
  return {
    certificateDer,
    certificatePem: encodePem("CERTIFICATE", certificateDer),
    privateKey,
    get privateKeyPem(): string {
      return privateKey.export({ type: "sec1", format: "pem" }).toString();
    },
  };
}

const clockSkewMs = 30_000;
const lifetimeMs = 262_980 * 3_600_000;
