import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import { createSecureContext } from "node:tls";
import { toError } from "@drawbar/io";
import { VaultError } from "./vault-error.ts";

/** How to recognise Vault, and how it recognises us. Everything is optional; files are PEM. */
export interface VaultTls {
  /** A file of CA certificates to trust instead of the system's. */
  readonly caFile?: string | undefined;
  /** A folder of such files; ignored when caFile is given. */
  readonly caPath?: string | undefined;
  /** Our certificate and its key: both or neither. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** The name to send and to verify instead of the address's host. */
  readonly serverName?: string | undefined;
  /** Trust whoever answers. For tests: anyone between us and Vault can read the token. */
  readonly skipVerify?: boolean | undefined;
}

/** The part of node's TLS options that a VaultTls stands for. */
export type LoadedTls = Pick<SecureContextOptions, "ca" | "cert" | "key"> & {
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
};

/** Reads the files, and fails with a VaultError that names the one that is wrong. */
export async function loadVaultTls(tls: VaultTls): Promise<LoadedTls> {
  const loaded: LoadedTls = {
    ...(await loadAuthorities(tls)),
    ...(await loadClientCertificate(tls)),
    ...(tls.serverName ? { servername: tls.serverName } : {}),
    ...(tls.skipVerify === true ? { rejectUnauthorized: false } : {}),
  };
  try {
    createSecureContext(loaded);
  } catch (error) {
    throw invalid(`the TLS files cannot be used: ${toError(error).message}`, error);
  }
  return loaded;
}

async function loadAuthorities(tls: VaultTls): Promise<LoadedTls> {
  if (tls.caFile) return { ca: [await readPem(tls.caFile, "CAFile")] };
  if (!tls.caPath) return {};
  const folder = tls.caPath;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw invalid(`CAPath ${folder} cannot be read: ${toError(error).message}`, error);
  });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(folder, entry.name));
  return { ca: await Promise.all(files.sort().map((file) => readPem(file, "CAPath"))) };
}

async function loadClientCertificate(tls: VaultTls): Promise<LoadedTls> {
  if (!tls.certFile && !tls.keyFile) return {};
  if (!tls.certFile || !tls.keyFile) throw invalid("both client cert and client key must be provided");
  return { cert: await readPem(tls.certFile, "CertFile"), key: await readPem(tls.keyFile, "KeyFile") };
}

async function readPem(file: string, field: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw invalid(`${field} ${file} cannot be read: ${toError(error).message}`, error);
  });
  // Node would take a file without any certificate for "trust nobody", to be found out much later.
  if (!text.includes("-----BEGIN ")) throw invalid(`${field} ${file} holds no PEM`);
  return text;
}

function invalid(message: string, cause?: unknown): VaultError {
  return new VaultError("vault-option-invalid", message, { cause });
}
