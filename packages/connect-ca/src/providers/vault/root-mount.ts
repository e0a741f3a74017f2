import { formatGoDuration, type GoDuration } from "../../config/go-duration.ts";
import { withTrailingNewline } from "../../provider/trailing-newline.ts";
import type { GenerateRequest } from "../../vault/pki.ts";
import type { CallOptions } from "../../vault/vault-client.ts";
import { isVaultError } from "../../vault/vault-error.ts";
import { backendError, orFail } from "./backend-error.ts";
import type { MountView } from "./vault-session.ts";

/**
 * The chain of the root's mount, from the CA that signs to the one that is trusted. A missing mount and
 * a missing root are made; a CA that is there is used as it is, be it a root or not.
 */
export async function readOrMakeRoot(
  mount: MountView,
  ttl: GoDuration,
  describeRoot: () => GenerateRequest,
  options: CallOptions,
): Promise<string> {
  const { pki } = mount;
  let pem = await readRoot(mount, formatGoDuration(ttl), options);
  if (pem === "") {
    await orFail("failed to initialize root CA", pki.generateRoot(describeRoot(), options));
    pem = await orFail("failed to read the new root CA", pki.caPem(options));
  }
  const chain = await orFail("failed to read the root CA's chain", pki.caChain(options));
  // Vault leaves the chain of some roots empty.
  return withTrailingNewline(chain === "" ? pem : chain);
}

async function readRoot({ pki, sys, path }: MountView, ttl: string, options: CallOptions): Promise<string> {
  try {
    return await pki.caPem(options);
  } catch (error) {
    if (!isVaultError(error, "vault-not-found")) {
      throw backendError("unexpected error while setting root PKI backend", error);
    }
    const description = "root CA backend for Consul Connect";
    const config = { maxLeaseTtl: ttl, defaultLeaseTtl: ttl };
    await orFail(
      "failed to mount root CA backend",
      sys.mount(path, { type: "pki", description, config }, options),
    );
    return "";
  }
}
