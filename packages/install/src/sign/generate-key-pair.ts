import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { minisignKeyId } from "../verify/signature/minisign.ts";
import type { KeyStretching } from "./minisign-key-file.ts";

/** A new pair, as the text of the two files that hold it. */
export interface GeneratedKeyPair {
  /** To be pinned by hosts: see `readTrustedKeys`. */
  readonly publicKey: string;
  /** To be kept from everybody else: see `readSigningKey`. */
  readonly secretKey: string;
  readonly id: string;
}

export interface GenerateOptions {
  readonly kind: "minisign" | "ed25519";
  /** Locks the secret key; undefined leaves it open to whoever reads its file. */
  readonly passphrase: string | undefined;
  /** Work for a minisign key's passphrase. Default "sensitive", as minisign: 1 GiB of memory and some seconds. */
  readonly stretching?: KeyStretching;
}

/** Makes a key pair to sign with. OpenPGP keys come from `gpg --generate-key`, which knows all that they can say. */
export async function generateSigningKeyPair(options: GenerateOptions): Promise<GeneratedKeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("ed25519");
  return options.kind === "ed25519"
    ? pemPair(publicKey, privateKey, options.passphrase)
    : minisignPair(privateKey, options);
}

function pemPair(
  publicKey: KeyObject,
  privateKey: KeyObject,
  passphrase: string | undefined,
): GeneratedKeyPair {
  const lock = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const { x = "" } = publicKey.export({ format: "jwk" });
  return {
    publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
    secretKey: privateKey.export({ format: "pem", type: "pkcs8", ...lock }).toString(),
    id: `ed25519:${Buffer.from(x, "base64url").toString("base64")}`,
  };
}

async function minisignPair(privateKey: KeyObject, options: GenerateOptions): Promise<GeneratedKeyPair> {
  const { d = "", x = "" } = privateKey.export({ format: "jwk" });
  const keyId = randomBytes(8);
  const bytes = Buffer.concat([Buffer.from("Ed"), keyId, Buffer.from(x, "base64url")]);
  const secret = Buffer.concat([Buffer.from(d, "base64url"), Buffer.from(x, "base64url")]);
  const id = minisignKeyId(bytes);
  const { writeMinisignKey } = await import("./minisign-key-file.ts");
  return {
    publicKey: `untrusted comment: minisign public key ${id}\n${bytes.toString("base64")}\n`,
    secretKey: await writeMinisignKey(
      { keyId, secret },
      options.passphrase,
      options.stretching ?? "sensitive",
    ),
    id,
  };
}
