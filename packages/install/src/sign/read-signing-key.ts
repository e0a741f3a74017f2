import { createPrivateKey, type KeyObject } from "node:crypto";
import { isDrawbarError, toError } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import { ed25519SigningKey } from "./ed25519-signing-key.ts";
import type { SigningKey } from "./signing-key.ts";
import type { Unlock } from "./unlock.ts";

/** Asked once, and only where the key is locked. Undefined: nobody knows it. */
export type AskPassphrase = () => Promise<string | undefined>;

/**
 * Reads a secret key, whose kind is seen from its form: OpenPGP (armoured), minisign, or Ed25519 in PKCS#8 PEM.
 * @param origin where it is written, for messages
 * @throws InstallError `bad-key`, or `bad-passphrase` where it is locked and the passphrase is missing or wrong
 */
export async function readSigningKey(
  key: Uint8Array,
  origin: string,
  ask: AskPassphrase,
): Promise<SigningKey> {
  const text = Buffer.from(key).toString("latin1");
  const unlock = once(ask, origin);
  try {
    if (text.includes("-----BEGIN PGP PRIVATE KEY BLOCK")) {
      const { openPgpSigningKey } = await import("./openpgp-signing-key.ts");
      return await openPgpSigningKey(text, unlock);
    }
    if (text.includes("-----BEGIN")) return ed25519SigningKey(await pemKey(text, unlock));
    const { minisignSigningKey } = await import("./minisign-signing-key.ts");
    return await minisignSigningKey(text, unlock);
  } catch (error) {
    if (isDrawbarError(error)) throw error;
    throw new InstallError("bad-key", `the secret key ${origin} cannot be used: ${toError(error).message}`, {
      cause: error,
      facts: { origin },
    });
  }
}

function once(ask: AskPassphrase, origin: string): Unlock {
  const refused = (why: string, cause?: unknown) =>
    new InstallError("bad-passphrase", `the secret key ${origin} is locked, and ${why}`, {
      cause,
      facts: { origin },
    });
  return {
    async passphrase() {
      const passphrase = await ask();
      if (passphrase === undefined) throw refused("no passphrase was given");
      return passphrase;
    },
    wrong: (cause) => refused("the passphrase does not open it", cause),
  };
}

async function pemKey(text: string, unlock: Unlock): Promise<KeyObject> {
  if (!/ENCRYPTED/.test(text)) return createPrivateKey(text);
  const passphrase = await unlock.passphrase();
  try {
    return createPrivateKey({ key: text, passphrase });
  } catch (error) {
    throw unlock.wrong(error);
  }
}
