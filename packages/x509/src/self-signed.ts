/**
 * The certificate of AutoMTLS, apart from everything else.
 *
 * A plugin makes one while its host waits, and each file that node loads costs about as much as making
 * the certificate. So this entry point has its constant parts as bytes instead of loading what encodes
 * them; a test holds them against `createCertificate`.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { tag } from "./der/tag.ts";
import { bitString, type Der, type DerValue, octetString, sequence, tlv, toBytes } from "./der/writer.ts";
import { encodePem } from "./encode/pem.ts";
import { encodeTime } from "./encode/time.ts";

/** What `selfSigned` takes. The defaults are those of go-plugin's generateCert. */
export interface SelfSignedOptions {
  /** Default "localhost". */
  readonly commonName?: string;
  /** Default "HashiCorp". */
  readonly organization?: string;
  /** In ASCII. Default: the common name. */
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

interface CurveDetails {
  readonly hash: string;
  /** AlgorithmIdentifier of ECDSA with that hash. */
  readonly algorithm: Uint8Array;
  /** Octets of an uncompressed point, at the end of a SubjectPublicKeyInfo. */
  readonly pointBytes: number;
}

const curves: Readonly<Record<"P-256" | "P-521", CurveDetails>> = {
  "P-256": { hash: "sha256", algorithm: hex("300a06082a8648ce3d040302"), pointBytes: 65 },
  "P-521": { hash: "sha512", algorithm: hex("300a06082a8648ce3d040304"), pointBytes: 133 },
};

const version3 = hex("a003020102");
const commonNameType = hex("0603550403");
const organizationType = hex("060355040a");
// keyUsage (digitalSignature, keyEncipherment, keyAgreement, certSign), extKeyUsage (clientAuth,
// serverAuth) and basicConstraints (CA).
const usages = [
  hex("300e0603551d0f0101ff0404030202ac"),
  hex("301d0603551d250416301406082b0601050507030206082b06010505070301"),
  hex("300f0603551d130101ff040530030101ff"),
];
const subjectKeyIdType = hex("0603551d0e");
const subjectAltNameType = hex("0603551d11");

/**
 * A fresh key and a certificate for it that is CA, client and server at once: each side of an AutoMTLS
 * connection trusts exactly the other's.
 */
export function selfSigned(options: SelfSignedOptions = {}): SelfSigned {
  const { commonName = "localhost", organization = "HashiCorp", curve = "P-521" } = options;
  const { hash, algorithm, pointBytes } = curves[curve];
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha256").update(spki.subarray(-pointBytes)).digest().subarray(0, 20);
  const altNames = (options.dnsNames ?? [commonName]).map((name) => tlv(dnsNameTag, name));
  const name = sequence(
    nameAttribute(organizationType, organization),
    nameAttribute(commonNameType, commonName),
  );
  const body = toBytes(
    sequence(
      version3,
      tlv(tag.integer, serialNumber()),
      algorithm,
      name,
      sequence(
        encodeTime(options.notBefore ?? new Date(Date.now() - clockSkewMs)),
        encodeTime(options.notAfter ?? new Date(Date.now() + lifetimeMs)),
      ),
      name,
      spki,
      tlv(
        extensionsTag,
        sequence(
          ...usages,
          sequence(subjectKeyIdType, octetString(octetString(keyId))),
          sequence(subjectAltNameType, octetString(sequence(...altNames))),
        ),
      ),
    ),
  );
  const certificateDer = toBytes(sequence(body, algorithm, bitString(sign(hash, body, privateKey))));
  return {
    certificateDer,
    certificatePem: encodePem("CERTIFICATE", certificateDer),
    privateKey,
    get privateKeyPem(): string {
      return privateKey.export({ type: "sec1", format: "pem" }).toString();
    },
  };
}

const dnsNameTag = 0x82;
const extensionsTag = 0xa3;
const clockSkewMs = 30_000;
const lifetimeMs = 262_980 * 3_600_000;

function nameAttribute(type: Uint8Array, value: string): DerValue {
  const stringTag = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? tag.printableString : tag.utf8String;
  return tlv(tag.set, sequence(type, tlv(stringTag, Buffer.from(value, "utf8"))));
}

// 127 random bits with the highest of them set: positive, and of one length.
function serialNumber(): Der {
  const octets = randomBytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
  return octets;
}

function hex(text: string): Uint8Array {
  return Buffer.from(text, "hex");
}
