import { createMessage, decryptKey, type PrivateKey, readPrivateKey, sign } from "openpgp";
import type { SigningKey } from "./signing-key.ts";
import type { Unlock } from "./unlock.ts";

/** Binary detached signatures of OpenPGP, as HashiCorp's releases have them. */
export async function openPgpSigningKey(armored: string, unlock: Unlock): Promise<SigningKey> {
  const key = await unlocked(await readPrivateKey({ armoredKey: armored }), unlock);
  return {
    kind: "openpgp",
    id: key.getFingerprint().toUpperCase(),
    async sign(bytes, _fileName, now) {
      const message = await createMessage({ binary: bytes });
      return sign({ message, signingKeys: key, detached: true, format: "binary", date: now });
    },
  };
}

async function unlocked(key: PrivateKey, unlock: Unlock): Promise<PrivateKey> {
  if (key.isDecrypted()) return key;
  const passphrase = await unlock.passphrase();
  try {
    return await decryptKey({ privateKey: key, passphrase });
  } catch (error) {
    throw unlock.wrong(error);
  }
}
