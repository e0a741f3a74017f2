import { readFile } from "node:fs/promises";
import { systemClock, toError } from "@drawbar/io";
import { VaultError } from "../vault-error.ts";

/** What a login may read beyond its parameters. Injected, so that tests need no cloud. */
export interface LoginSource {
  /** The text of a file without the space around it. */
  readFile(path: string): Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A metadata service's answer to a request; throws unless it is 200. */
  fetchText(url: string, request: MetadataRequest): Promise<string>;
  /** For signatures that carry the time. */
  now(): Date;
  randomUuid(): string;
}

export interface MetadataRequest {
  readonly method?: "GET" | "PUT" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

const metadataTimeoutMs = 10_000;

/** Real files, the process's environment, and the machine's metadata service. */
export const systemLoginSource: LoginSource = {
  async readFile(path: string): Promise<string> {
    try {
      return (await readFile(path, "utf8")).trim();
    } catch (error) {
      throw loginInvalid(`the login's file ${path} cannot be read: ${toError(error).message}`, error);
    }
  },
  environment: process.env,
  fetchText,
  now: () => new Date(),
  randomUuid: () => crypto.randomUUID(),
};

async function fetchText(url: string, { method, headers, body, signal }: MetadataRequest): Promise<string> {
  const limit = new AbortController();
  const timer = systemClock.setTimer(metadataTimeoutMs, () => limit.abort(new Error("timed out")));
  try {
    const response = await fetch(url, {
      method: method ?? "GET",
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([limit.signal, ...(signal === undefined ? [] : [signal])]),
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    return (await response.text()).trim();
  } catch (error) {
    const reason = toError(error);
    const detail = reason.cause === undefined ? reason.message : toError(reason.cause).message;
    throw loginInvalid(`the metadata service ${new URL(url).host} gave no identity: ${detail}`, error);
  } finally {
    timer.cancel();
  }
}

export function loginInvalid(message: string, cause?: unknown): VaultError {
  return new VaultError("vault-login-invalid", message, { cause });
}

/** For what another configuration mends. */
export function loginOptionInvalid(message: string): VaultError {
  return new VaultError("vault-option-invalid", message);
}
