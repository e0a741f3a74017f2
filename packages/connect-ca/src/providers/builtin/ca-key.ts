import type { KeyObject } from "node:crypto";
import {
  type Certificate,
  type Curve,
  generateKey,
  keyKind,
  parseCertificates,
  parsePrivateKey,
  spkiOf,
} from "@drawbar/x509";
import type { BuiltinConfig } from "../../config/builtin-config.ts";
import type { CommonConfig } from "../../config/common-config.ts";
import { ConfigError } from "../../config/config-error.ts";
import { ProviderError } from "../../provider/provider-error.ts";

const curves: Readonly<Record<number, Curve>> = { 224: "P-224", 256: "P-256", 384: "P-384", 521: "P-521" };

/** A new key of the configured kind. Throws `ca-unsupported` for kinds that only an unvalidated one has. */
export async function generateCaKey({ privateKeyType, privateKeyBits }: CommonConfig): Promise<KeyObject> {
  switch (privateKeyType.toLowerCase()) {
    case "rsa": {
      if (privateKeyBits < 2048) {
        throw unsupported(
          `error generating RSA private key: invalid key size ${privateKeyBits}, must be at least 2048 bits`,
        );
      }
      return (await generateKey({ type: "rsa", bits: privateKeyBits })).privateKey;
    }
    case "ec": {
      const curve = curves[privateKeyBits];
      if (curve === undefined) {
        throw unsupported(`error generating ECDSA private key: unknown curve length ${privateKeyBits}`);
      }
      return (await generateKey({ type: "ec", curve })).privateKey;
    }
    default:
      throw unsupported(`unknown private key type requested: ${privateKeyType}`);
  }
}

/**
 * Checks what an operator brings: a key that can be used, and a certificate of a CA that is for this key.
 * Upstream looks at neither, and signs certificates then that verify nowhere.
 */
export function checkSuppliedRoot({ privateKey, rootCert }: BuiltinConfig): void {
  if (privateKey === "") return;
  const key = configured("PrivateKey", () => parsePrivateKey(privateKey));
  const { type } = keyKind(key);
  if (type !== "ec" && type !== "rsa")
    throw new ConfigError(`invalid key type: ${type}; it must be EC or RSA`);
  if (rootCert === "") return;
  const root = configured("RootCert", () => firstCertificate(rootCert));
  if (!root.isCa) throw new ConfigError("RootCert is not a CA certificate");
  if (Buffer.compare(spkiOf(key), root.publicKeySpki) !== 0) {
    throw new ConfigError("PrivateKey is not the key of RootCert");
  }
}

/** The first certificate of a PEM text. */
export function firstCertificate(pem: string): Certificate {
  const [first] = parseCertificates(pem);
  // parseCertificates throws where there is none.
  return first as Certificate;
}

// Without the cause: what the operator wrote in the wrong place may be a key.
function configured<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`error parsing ${field}: ${(error as Error).message}`);
  }
}

function unsupported(message: string): ProviderError {
  return new ProviderError("ca-unsupported", message);
}
