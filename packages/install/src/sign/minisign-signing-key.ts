import { createHash, createPrivateKey, sign } from "node:crypto";
import { minisignKeyId } from "../verify/signature/minisign.ts";
import { readMinisignKey } from "./minisign-key-file.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Unlock } from "./unlock.ts";

/** Minisign's signatures over BLAKE2b-512 (`ED`), which minisign makes since 0.8 unless it is told otherwise. */
export async function minisignSigningKey(text: string, unlock: Unlock): Promise<SigningKey> {
  const { keyId, secret } = await readMinisignKey(text, unlock);
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "OKP",
      crv: "Ed25519",
      d: Buffer.from(secret.subarray(0, 32)).toString("base64url"),
      x: Buffer.from(secret.subarray(32)).toString("base64url"),
    },
  });
  const id = minisignKeyId(Buffer.concat([Buffer.from("ED"), keyId]));
  return {
    kind: "minisign",
    id,
    async sign(bytes, fileName, now) {
      const signature = sign(null, createHash("blake2b512").update(bytes).digest(), key);
      const trusted = `timestamp:${Math.floor(now.getTime() / 1000)}\tfile:${fileName}\thashed`;
      const over = sign(null, Buffer.concat([signature, Buffer.from(trusted)]), key);
      const packet = Buffer.concat([Buffer.from("ED"), keyId, signature]).toString("base64");
      const lines = [`untrusted comment: signature by the key ${id}`, packet, `trusted comment: ${trusted}`];
      return Buffer.from(`${lines.join("\n")}\n${over.toString("base64")}\n`);
    },
  };
}
