import { X509Error } from "@drawbar/x509";
import fc from "fast-check";
import type { OpenSsl } from "./openssl.ts";

/** A certificate of OpenSSL's with every extension whose shape is checked. */
export function everyExtension(openssl: OpenSsl): Uint8Array {
  openssl.run(
    "req",
    "-x509",
    "-nodes",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-keyout",
    "key.pem",
    "-outform",
    "DER",
    "-out",
    "all.der",
    "-subj",
    "/C=DE/O=a/CN=b",
    ...[
      "nameConstraints=permitted;DNS:a.b,permitted;IP:10.0.0.0/255.0.0.0,excluded;email:x@y,permitted;URI:.c",
      "certificatePolicies=1.2.3.4,2.5.29.32.0",
      "policyConstraints=requireExplicitPolicy:3,inhibitPolicyMapping:1",
      "policyMappings=1.2.3:1.2.4",
      "inhibitAnyPolicy=2",
      "crlDistributionPoints=URI:http://a/b,URI:http://c/d",
      "authorityInfoAccess=OCSP;URI:http://a,caIssuers;URI:http://b",
      "subjectAltName=URI:spiffe://a/b,DNS:c,IP:1.2.3.4,email:d@e",
      "extendedKeyUsage=clientAuth,1.2.3",
      "keyUsage=critical,keyCertSign",
      "1.2.3.4.5=ASN1:NULL",
    ].flatMap((extension) => ["-addext", extension]),
  );
  return openssl.read("all.der");
}

/** Edits that keep most of the structure: one octet, or a few replaced, removed, doubled. */
export function edits(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: bytes.length - 1 });
  const interesting = fc.oneof(
    fc.nat({ max: 255 }),
    fc.constantFrom(0, 1, 0x7f, 0x80, 0x81, 0xff, 0x30, 0x31, 0x05, 0x13, 0x0c),
  );
  const octet = fc.tuple(at, interesting).map(([offset, value]) => bytes.with(offset, value));
  const splice = fc
    .tuple(at, fc.nat({ max: 3 }), fc.array(interesting, { maxLength: 3 }))
    .map(([offset, removed, added]) => {
      const octets = [...bytes];
      octets.splice(offset, removed, ...added);
      return Uint8Array.from(octets);
    });
  return fc.oneof({ weight: 4, arbitrary: octet }, { weight: 1, arbitrary: splice });
}

/** Whether `parse` takes it; it may refuse with an X509Error and with nothing else. */
export function accepts(parse: () => unknown): boolean {
  const { stackTraceLimit } = Error;
  // Thousands are refused, and nobody asks where.
  Error.stackTraceLimit = 0;
  try {
    parse();
    return true;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return false;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
