import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import { InstallError } from "../install-error.ts";
import type { Environment } from "./credentials/env-token.ts";
import { exchange, type Response } from "./exchange.ts";
import { parseUrl } from "./show-url.ts";

/** How connections are made. */
export interface ConnectionOptions {
  /** `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` are taken from it, in lower case too. */
  readonly env: Environment;
  /** Authorities that are trusted besides node's own, in PEM. */
  readonly ca: string | readonly string[] | undefined;
  readonly connectMs: number;
}

/** Sends one GET, directly or through the proxy that the environment names for the URL. */
export type Send = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Response>;

/** Opens no connection yet; those that it opens later keep no process alive while nothing is asked. */
export async function openConnections(options: ConnectionOptions): Promise<Send> {
  // Loaded late: most uses of the package find everything in the cache and the lock file.
  const { EnvHttpProxyAgent } = await import("undici");
  const tls = await import("node:tls");
  // undici sends what is for TLS through the proxy for HTTP where there is no other, unlike everybody else. So each of
  // the two schemes has an agent that knows only one proxy.
  const agentFor = (variable: string): Dispatcher => {
    const proxy = proxyOf(options.env, variable);
    const usesTls = variable === "https_proxy" || proxy.startsWith("https:");
    const connect = usesTls ? secured() : { timeout: options.connectMs };
    return new EnvHttpProxyAgent({
      httpProxy: proxy,
      httpsProxy: proxy,
      noProxy: options.env["no_proxy"] ?? options.env["NO_PROXY"] ?? "",
      // A proxy is asked for a plain URL as a proxy is, not for a tunnel, which many allow for TLS alone.
      proxyTunnel: false,
      connect,
      requestTls: connect,
      proxyTls: connect,
      // The transfer has its own deadlines, on its own clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
    });
  };
  const secured = once(() => connectSettings(tls, options));
  const plain = once(() => agentFor("http_proxy"));
  const secure = once(() => agentFor("https_proxy"));
  return (url, headers, signal) => {
    const agent = url.protocol === "https:" ? secure() : plain();
    return exchange(agent, url, headers, signal);
  };
}

type Tls = typeof import("node:tls");

interface ConnectSettings {
  readonly timeout: number;
  readonly secureContext?: SecureContext;
}

function connectSettings(tls: Tls, { ca, connectMs }: ConnectionOptions): ConnectSettings {
  if (ca === undefined) return { timeout: connectMs };
  return { timeout: connectMs, secureContext: trusting([ca].flat(), trustedByNode(tls), tls) };
}

let last:
  | { readonly own: string; readonly others: readonly string[]; readonly made: SecureContext }
  | undefined;

// One for all connections, and the last one kept: to read the authorities takes longer than a handshake. Node gives the
// same list until somebody sets another.
function trusting(ca: readonly string[], others: readonly string[], tls: Tls): SecureContext {
  const own = ca.join("\n");
  if (last?.own !== own || last.others !== others)
    last = { own, others, made: tls.createSecureContext({ ca: [...others, ...ca] }) };
  return last.made;
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

// From node 22.15 on those of NODE_EXTRA_CA_CERTS and the like are among them.
function trustedByNode(tls: Tls): readonly string[] {
  const { getCACertificates } = tls as { readonly getCACertificates?: () => readonly string[] };
  return getCACertificates?.() ?? tls.rootCertificates;
}

function proxyOf(env: Environment, name: string): string {
  const value = env[name] ?? env[name.toUpperCase()] ?? "";
  if (value === "") return "";
  const url = parseUrl(value.includes("://") ? value : `http://${value}`);
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new InstallError("refused", `${name.toUpperCase()} must be http://HOST:PORT or https://HOST:PORT`);
  return url.href;
}
