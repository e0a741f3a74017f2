import { after, before } from "node:test";
import { type VaultClient, VaultSys } from "connect-ca/vault";
import { VaultProviders } from "./vault-providers.ts";
import { startVault, type VaultServer, type VaultVersion } from "./vault-server.ts";

/** A Vault of a suite's own, there as soon as its hooks and tests run. */
export interface SuiteVault {
  readonly server: VaultServer;
  /** With the root token. */
  readonly client: VaultClient;
  readonly sys: VaultSys;
  /** Makes providers, which stop with the suite. */
  readonly made: VaultProviders;
}

/** Starts a Vault before the tests of the suite (or file) that this is called in, and ends it after them. */
export function suiteVault(version: VaultVersion): SuiteVault {
  let own: SuiteVault | undefined;
  before(async () => {
    const server = await startVault(version);
    const client = await server.client();
    own = { server, client, sys: new VaultSys(client), made: new VaultProviders(server) };
  });
  after(async () => {
    await own?.made[Symbol.asyncDispose]();
    own?.client[Symbol.dispose]();
    await own?.server[Symbol.asyncDispose]();
  });
  const started = (): SuiteVault => {
    if (own === undefined) throw new Error("the suite's Vault starts before its tests, and not earlier");
    return own;
  };
  return {
    get server() {
      return started().server;
    },
    get client() {
      return started().client;
    },
    get sys() {
      return started().sys;
    },
    get made() {
      return started().made;
    },
  };
}
