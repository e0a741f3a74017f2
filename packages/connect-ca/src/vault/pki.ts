import { dataOf, optionalTextOf, textOf } from "./fields.ts";
import { invalidReply, isObject, type JsonObject, type ReplySource } from "./reply.ts";
import type { CallOptions, VaultClient } from "./vault-client.ts";
import { VaultError } from "./vault-error.ts";

/** What asks Vault to make a key and a certificate or request for it. */
export interface GenerateRequest {
  readonly commonName: string;
  readonly uriSans: string;
  readonly keyType: string;
  readonly keyBits: number;
}

/** How Vault signs an intermediate; see signIntermediate for what `useCsrValues` and `uriSans` do. */
export interface SignIntermediateRequest {
  readonly csr: string;
  readonly useCsrValues: boolean;
  readonly uriSans?: string;
  /** In Go's syntax. */
  readonly ttl: string;
  readonly maxPathLength?: number;
}

/** What was imported; undefined on servers before 1.11, which know one issuer per mount. */
export interface ImportedIssuers {
  /** Issuer id → key id, "" for an issuer without a key. */
  readonly mapping: ReadonlyMap<string, string>;
}

/** The calls of one mounted PKI engine. */
export class VaultPki {
  readonly #client: VaultClient;
  readonly #mount: string;

  constructor(client: VaultClient, mount: string) {
    this.#client = client;
    this.#mount = mount.replace(/\/+$/, "");
  }

  /**
   * The PEM of the mount's CA, "" if it has none yet. Throws `vault-not-found` if nothing is mounted
   * there, or `vault-permission-denied` if the token may not even know that. Needs no permission on a
   * mount that exists.
   */
  caPem(options?: CallOptions): Promise<string> {
    return this.#text("ca/pem", options);
  }

  /** The PEM of the CA's chain. Some servers answer "" where there is a CA but no chain above it. */
  caChain(options?: CallOptions): Promise<string> {
    return this.#text("ca_chain", options);
  }

  /** Makes a root whose key never leaves Vault. Not repeated: each call makes another. */
  async generateRoot(request: GenerateRequest, options?: CallOptions): Promise<void> {
    await this.#write("root/generate/internal", generateBody(request), options);
  }

  /** Makes a key and a request for an intermediate; keyId is "" on servers before 1.11. */
  async generateIntermediate(
    request: GenerateRequest,
    options?: CallOptions,
  ): Promise<{ readonly csr: string; readonly keyId: string }> {
    const { data, source } = await this.#write(
      "intermediate/generate/internal",
      generateBody(request),
      options,
    );
    return { csr: textOf(data, "csr", source), keyId: optionalTextOf(data, "key_id", source) };
  }

  /**
   * Signs a CA's request with the mount's CA; gives the certificate, and above it the chain that Vault
   * puts there. With `useCsrValues` the request's subject, names and extensions count: Vaults built with
   * sdk 0.21 or later refuse a request that asks to be a CA then. Without it the names come from
   * `uriSans` — up to 1.1.0 from the request all the same — and from the request's common name.
   */
  async signIntermediate(request: SignIntermediateRequest, options?: CallOptions): Promise<string> {
    const body = {
      csr: request.csr,
      use_csr_values: request.useCsrValues,
      format: "pem_bundle",
      ttl: request.ttl,
      ...(request.uriSans === undefined ? {} : { uri_sans: request.uriSans }),
      ...(request.maxPathLength === undefined ? {} : { max_path_length: request.maxPathLength }),
    };
    const { data, source } = await this.#write("root/sign-intermediate", body, options);
    return textOf(data, "certificate", source);
  }

  /** Installs the certificate of an intermediate. Repeating it changes nothing. */
  async setSigned(certificate: string, options?: CallOptions): Promise<ImportedIssuers | undefined> {
    const source = this.#source("PUT", "intermediate/set-signed");
    const secret = await this.#client.write(source.path, { certificate }, { ...options, idempotent: true });
    if (!secret?.data) return undefined;
    const mapping = secret.data["mapping"];
    if (!isObject(mapping)) throw invalidReply(source, "no object in data.mapping");
    return { mapping: new Map(Object.entries(mapping).map(([issuer, key]) => [issuer, String(key ?? "")])) };
  }

  /** Signs a leaf under a role; `issuingCa` is the certificate that did. Not repeated. */
  async sign(
    role: string,
    request: { readonly csr: string; readonly ttl: string },
    options?: CallOptions,
  ): Promise<{ readonly certificate: string; readonly issuingCa: string }> {
    const { data, source } = await this.#write(`sign/${role}`, { ...request }, options);
    return {
      certificate: textOf(data, "certificate", source),
      issuingCa: textOf(data, "issuing_ca", source),
    };
  }

  /** Cross-signs another self-signed CA; needs `sudo` on the path. */
  async signSelfIssued(certificate: string, options?: CallOptions): Promise<string> {
    const { data, source } = await this.#write("root/sign-self-issued", { certificate }, options);
    return textOf(data, "certificate", source);
  }

  /** Creates or replaces a role; the body is in Vault's own words. */
  async putRole(role: string, body: JsonObject, options?: CallOptions): Promise<void> {
    await this.#put(`roles/${role}`, body, options);
  }

  /** Vault's settings of issuers, as they stand; servers from 1.11 on. */
  async issuersConfig(options?: CallOptions): Promise<JsonObject> {
    return await this.#data("config/issuers", options);
  }

  async putIssuersConfig(config: JsonObject, options?: CallOptions): Promise<void> {
    await this.#put("config/issuers", config, options);
  }

  /** The ids of the mount's issuers; servers from 1.11 on. */
  listIssuers(options?: CallOptions): Promise<string[]> {
    return this.#client.list(this.#path("issuers"), options);
  }

  listKeys(options?: CallOptions): Promise<string[]> {
    return this.#client.list(this.#path("keys"), options);
  }

  /** The id of an issuer's key; "" if Vault has only its certificate. */
  async issuerKeyId(issuer: string, options?: CallOptions): Promise<string> {
    const path = `issuer/${issuer}`;
    return optionalTextOf(await this.#data(path, options), "key_id", this.#source("GET", path));
  }

  async deleteIssuer(issuer: string, options?: CallOptions): Promise<void> {
    await this.#client.delete(this.#path(`issuer/${issuer}`), options);
  }

  async deleteKey(key: string, options?: CallOptions): Promise<void> {
    await this.#client.delete(this.#path(`key/${key}`), options);
  }

  /** Lets Vault remove expired issuers; from 1.12 on, and issuers from 1.13 on. */
  async putAutoTidy(body: JsonObject, options?: CallOptions): Promise<void> {
    await this.#put("config/auto-tidy", body, options);
  }

  async #text(path: string, options?: CallOptions): Promise<string> {
    const response = await this.#client.request({ method: "GET", path: this.#path(path) }, options);
    const text = response.body.toString("utf8");
    if (text === "" || text.includes("-----BEGIN ")) return text;
    throw invalidReply(this.#source("GET", path), "something other than PEM");
  }

  async #data(path: string, options?: CallOptions): Promise<JsonObject> {
    const source = this.#source("GET", path);
    const secret = await this.#client.read(source.path, options);
    if (secret === null) {
      throw new VaultError("vault-not-found", `Vault has nothing at ${source.path}`, { status: 404 });
    }
    return dataOf(secret, source);
  }

  async #write(
    path: string,
    body: JsonObject,
    options?: CallOptions,
  ): Promise<{ data: JsonObject; source: ReplySource }> {
    const source = this.#source("PUT", path);
    return { data: dataOf(await this.#client.write(source.path, body, options), source), source };
  }

  async #put(path: string, body: JsonObject, options?: CallOptions): Promise<void> {
    await this.#client.write(this.#path(path), body, { ...options, idempotent: true });
  }

  #source(method: string, path: string): ReplySource {
    return { method, path: this.#path(path) };
  }

  #path(path: string): string {
    return `${this.#mount}/${path}`;
  }
}

function generateBody({ commonName, uriSans, keyType, keyBits }: GenerateRequest): JsonObject {
  return { common_name: commonName, uri_sans: uriSans, key_type: keyType, key_bits: keyBits };
}
