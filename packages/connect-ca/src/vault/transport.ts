import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { type ExchangeRequest, type ExchangeResponse, exchange, type OpenRequest } from "./exchange.ts";
import { parseVaultAddress, type VaultAddress } from "./vault-address.ts";
import { VaultError } from "./vault-error.ts";
import type { LoadedTls } from "./vault-tls.ts";

// Kept for the next call, and dropped well before a server would drop them under our feet.
const idleConnectionMs = 30_000;
// More at once wait for each other here instead of in Vault.
const maxConnections = 64;

/** Connections to one Vault, kept open between calls. Follows the one redirect that a standby sends. */
export class Transport {
  readonly #address: VaultAddress;
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  constructor(address: string, tls: LoadedTls) {
    this.#address = parseVaultAddress(address);
    const pool = { keepAlive: true, timeout: idleConnectionMs, maxSockets: maxConnections };
    this.#agents = { http: new HttpAgent(pool), https: new HttpsAgent({ ...pool, ...tls }) };
  }

  async send(request: ExchangeRequest): Promise<ExchangeResponse> {
    const answer = await this.#exchange(this.#address, request);
    if (![301, 302, 307, 308].includes(answer.status)) return answer;
    const target = this.#redirectTarget(answer.headers.location ?? "");
    return await this.#exchange(target.address, { ...request, path: target.path });
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #exchange(address: VaultAddress, request: ExchangeRequest): Promise<ExchangeResponse> {
    const path = address.kind === "unix" ? request.path : address.prefix + request.path;
    return exchange(this.#opener(address), { ...request, path });
  }

  #opener(address: VaultAddress): OpenRequest {
    switch (address.kind) {
      case "unix": {
        // An agent pools by host and socket path alike, so all of a Vault's calls share one pool.
        const { socketPath } = address;
        return (options) =>
          httpRequest({ ...options, agent: this.#agents.http, socketPath, host: "localhost" });
      }
      case "http": {
        const { host, port } = address;
        return (options) => httpRequest({ ...options, agent: this.#agents.http, host, port });
      }
      case "https": {
        const { host, port } = address;
        return (options) => httpsRequest({ ...options, agent: this.#agents.https, host, port });
      }
    }
  }

  // The token goes where the redirect points, as it does with Vault's own client: never from TLS to
  // plain text.
  #redirectTarget(location: string): { address: VaultAddress; path: string } {
    const refused = (why: string): VaultError =>
      new VaultError("vault-response-invalid", `Vault redirects to a place that ${why}`);
    if (!URL.canParse(location)) throw refused("is no absolute URL");
    const url = new URL(location);
    if (this.#address.kind === "unix") throw refused("is not on its unix socket");
    if (this.#address.kind === "https" && url.protocol !== "https:") throw refused("is not protected by TLS");
    return { address: parseVaultAddress(url.origin), path: url.pathname + url.search };
  }
}
