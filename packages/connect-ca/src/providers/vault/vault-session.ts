import type { Clock } from "@drawbar/io";
import type { VaultConfig } from "../../config/vault-config.ts";
import type { ProviderLog } from "../../provider/provider-log.ts";
import { login } from "../../vault/login/login.ts";
import type { LoginSource } from "../../vault/login/login-source.ts";
import { VaultPki } from "../../vault/pki.ts";
import { VaultSys } from "../../vault/sys.ts";
import { lookUpToken, type TokenLease } from "../../vault/token-calls.ts";
import { type TokenEvent, TokenKeeper } from "../../vault/token-keeper.ts";
import { type CallOptions, VaultClient } from "../../vault/vault-client.ts";
import { orFail } from "./backend-error.ts";

/** What a Vault provider gets from outside. */
export interface VaultProviderOptions {
  readonly log?: ProviderLog | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: (() => number) | undefined;
  readonly loginSource?: LoginSource | undefined;
  /** The wall clock, for certificates. */
  readonly now?: (() => Date) | undefined;
}

/** A mount as seen from its own namespace. */
export interface MountView {
  readonly pki: VaultPki;
  readonly sys: VaultSys;
  readonly path: string;
}

/** A client that is let in, whose token is kept alive until the session is disposed. */
export class VaultSession implements Disposable {
  readonly root: MountView;
  readonly intermediate: MountView;
  readonly #client: VaultClient;
  #keeper: TokenKeeper | undefined;

  private constructor(client: VaultClient, config: VaultConfig) {
    this.#client = client;
    this.root = mountView(client, config.rootPkiPath, config.rootPkiNamespace);
    this.intermediate = mountView(client, config.intermediatePkiPath, config.intermediatePkiNamespace);
  }

  /** Logs in if there is a method to, looks the token up, and begins to renew it. */
  static async open(
    config: VaultConfig,
    log: ProviderLog,
    options: VaultProviderOptions & CallOptions,
  ): Promise<VaultSession> {
    const { clock, random } = options;
    let session: VaultSession | undefined;
    const client = await orFail(
      "could not configure the Vault client",
      VaultClient.create({
        address: config.address,
        token: config.access.kind === "token" ? config.access.token : "",
        namespace: config.namespace,
        tls: {
          caFile: config.caFile,
          caPath: config.caPath,
          certFile: config.certFile,
          keyFile: config.keyFile,
          serverName: config.tlsServerName,
          skipVerify: config.tlsSkipVerify,
        },
        clock,
        random,
        onDenied: () => session?.suspectToken(),
      }),
    );
    session = new VaultSession(client, config);
    try {
      await session.#logIn(config, log, options);
      return session;
    } catch (error) {
      session[Symbol.dispose]();
      throw error;
    }
  }

  /** Vault refused a call: it may be for the token. */
  suspectToken(): void {
    this.#keeper?.suspect();
  }

  /** Ends the renewal of the token; the session stays usable as long as the token lives. */
  stopRenewal(): void {
    this.#keeper?.[Symbol.dispose]();
    this.#keeper = undefined;
  }

  [Symbol.dispose](): void {
    this.stopRenewal();
    this.#client[Symbol.dispose]();
  }

  async #logIn(
    config: VaultConfig,
    log: ProviderLog,
    { clock, random, signal, loginSource }: VaultProviderOptions & CallOptions,
  ): Promise<void> {
    const client = this.#client;
    const { access } = config;
    const logIn =
      access.kind === "login"
        ? (loginSignal?: AbortSignal) =>
            login(client, access.method, { signal: loginSignal, source: loginSource })
        : undefined;
    if (logIn !== undefined) {
      client.setToken((await orFail("could not log in to Vault", logIn(signal))).clientToken);
    }
    const lease: TokenLease = await orFail(
      "could not look up Vault provider token",
      lookUpToken(client, { signal }),
    );
    if (!lease.renewable && logIn === undefined) return;
    const onEvent = (event: TokenEvent): void => logTokenEvent(event, log);
    this.#keeper = new TokenKeeper({ client, lease, login: logIn, clock, random, onEvent });
  }
}

function mountView(client: VaultClient, path: string, namespace: string): MountView {
  const view = namespace === "" ? client : client.withNamespace(namespace);
  return { pki: new VaultPki(view, path), sys: new VaultSys(view), path };
}

function logTokenEvent(event: TokenEvent, log: ProviderLog): void {
  switch (event.kind) {
    case "renewed":
      log.debug("renewed the Vault token", { ttlSeconds: event.ttlSeconds });
      break;
    case "lost":
      log.warn("Vault does not take the token any more; logging in again", { error: event.error });
      break;
    case "logged-in":
      log.info("logged in to Vault again", { ttlSeconds: event.ttlSeconds });
      break;
    case "renew-failed":
      log.warn("could not renew the Vault token", { error: event.error, next: event.next });
      break;
    case "login-failed":
      log.warn("could not log in to Vault", { error: event.error, next: event.next });
      break;
  }
}
