import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Certificate, parseCertificates } from "@drawbar/x509";
import { chainTree, describeChains } from "connect-ca";
import { Authority } from "./authority.ts";
import type { Cleanup } from "./cleanup.ts";
import { unmount, type Vault } from "./vault.ts";

/** A mesh's primary datacenter, with Vault behind its CA. */
export async function vaultPrimary(clusterId: string, vault: Vault, cleanup: Cleanup): Promise<Authority> {
  // Mounts of their own: the Vault may be one that others use too.
  const RootPKIPath = `mesh-example-${clusterId.slice(0, 8)}-root`;
  const IntermediatePKIPath = `mesh-example-${clusterId.slice(0, 8)}-dc1`;
  const config = { Address: vault.address, Token: vault.token, RootPKIPath, IntermediatePKIPath };
  // No provider ever removes a root: here that is for us to do.
  await cleanup.keep(RootPKIPath, (path) => unmount(vault, path));
  const place = { clusterId, datacenter: "dc1", isPrimary: true };
  const authority = await Authority.launch({ ...place, plugin: "vault", config }, cleanup);
  await cleanup.keep(authority, ({ provider }) => provider.cleanup(true, {}));
  return authority;
}

/** Arguments of a built-in provider that survives its process: a folder, and a key for what is in it. */
export async function durableState(cleanup: Cleanup): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "mesh-state-"));
  await cleanup.keep(folder, (path) => rm(path, { recursive: true, force: true }));
  const [state, keyFile] = [join(folder, "state"), join(folder, "key")];
  await mkdir(state, { mode: 0o700 });
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  return ["--state", state, "--key-file", keyFile];
}

/** A new mesh's id, which its SPIFFE ids carry. */
export function newClusterId(): string {
  return randomUUID();
}

/** Certificates as a tree: what signed what, and how long it is valid. */
export function treeOf(...pems: readonly string[]): string {
  return describeChains(chainTree(certificatesOf(...pems)), new Date());
}

export function certificatesOf(...pems: readonly string[]): readonly Certificate[] {
  return pems.flatMap((pem) => parseCertificates(pem));
}
