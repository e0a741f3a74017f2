import { dataOf } from "./fields.ts";
import { isObject, type JsonObject, parseReply } from "./reply.ts";
import type { CallOptions, VaultClient } from "./vault-client.ts";

/** What `sys/health` tells; needs no token. */
export interface VaultHealth {
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly standby: boolean;
  readonly version: string;
}

/** A mount's settings; times in Go's syntax or seconds, left out to keep the server's default. */
export interface MountConfig {
  readonly defaultLeaseTtl?: string;
  readonly maxLeaseTtl?: string;
}

/** The calls below `sys/`. */
export class VaultSys {
  readonly #client: VaultClient;

  constructor(client: VaultClient) {
    this.#client = client;
  }

  /** Answers for a sealed or uninitialised Vault and for standbys too; an error means no Vault answers. */
  async health(options?: CallOptions): Promise<VaultHealth> {
    const path = "sys/health";
    const request = { method: "GET", path, accept: [429, 472, 473, 501, 503] } as const;
    const reply = parseReply((await this.#client.request(request, options)).body, request);
    return {
      initialized: reply["initialized"] === true,
      sealed: reply["sealed"] === true,
      standby: reply["standby"] === true,
      version: typeof reply["version"] === "string" ? reply["version"] : "",
    };
  }

  /** The types of what is mounted, by path with a slash at its end. */
  async mounts(options?: CallOptions): Promise<Map<string, string>> {
    const source = { method: "GET", path: "sys/mounts" } as const;
    const secret = await this.#client.read(source.path, options);
    // Old servers send the mounts beside `data` as well, and the oldest only there.
    const mounts: JsonObject = secret?.data ?? secret?.raw ?? dataOf(null, source);
    const types = new Map<string, string>();
    for (const [path, mount] of Object.entries(mounts)) {
      if (isObject(mount) && typeof mount["type"] === "string") types.set(path, mount["type"]);
    }
    return types;
  }

  async mount(
    path: string,
    mount: { readonly type: string; readonly description: string; readonly config: MountConfig },
    options?: CallOptions,
  ): Promise<void> {
    const body = { type: mount.type, description: mount.description, config: configBody(mount.config) };
    await this.#client.request({ method: "POST", path: `sys/mounts/${path}`, body }, options);
  }

  async tune(path: string, config: MountConfig, options?: CallOptions): Promise<void> {
    const body = configBody(config);
    await this.#client.request(
      { method: "POST", path: `sys/mounts/${path}/tune`, body, idempotent: true },
      options,
    );
  }

  async unmount(path: string, options?: CallOptions): Promise<void> {
    await this.#client.delete(`sys/mounts/${path}`, options);
  }

  async seal(options?: CallOptions): Promise<void> {
    await this.#client.write("sys/seal", {}, options);
  }

  /** Gives one share of the unseal key; true when the Vault is open. */
  async unseal(key: string, options?: CallOptions): Promise<boolean> {
    const request = { method: "PUT", path: "sys/unseal", body: { key } } as const;
    return parseReply((await this.#client.request(request, options)).body, request)["sealed"] === false;
  }
}

function configBody({ defaultLeaseTtl, maxLeaseTtl }: MountConfig): JsonObject {
  return {
    ...(defaultLeaseTtl === undefined ? {} : { default_lease_ttl: defaultLeaseTtl }),
    ...(maxLeaseTtl === undefined ? {} : { max_lease_ttl: maxLeaseTtl }),
  };
}
