import { InstallError, type InstallErrorCode } from "../install-error.ts";

/** A failure, and whether the same request may succeed a little later. */
export interface Failure {
  readonly error: InstallError;
  readonly retry: boolean;
  /** What the server asked for, in milliseconds. */
  readonly afterMs?: number | undefined;
}

const untrusted =
  "its certificate is not trusted: if it belongs to an authority of your own, name that in `ca` (--ca) or NODE_EXTRA_CA_CERTS";
const cut = "the connection was cut";

// By the codes of node, undici and OpenSSL. Those that are missing are told in the system's words.
const known: Readonly<Record<string, readonly [InstallErrorCode, retry: boolean, why: string]>> = {
  ENOTFOUND: ["unreachable", false, "there is no host of this name"],
  EAI_AGAIN: ["unreachable", true, "the name could not be looked up: is there a network?"],
  ECONNREFUSED: ["unreachable", false, "nothing listens there"],
  EHOSTUNREACH: ["unreachable", true, "there is no way to this host"],
  ENETUNREACH: ["unreachable", true, "there is no way to this network"],
  ETIMEDOUT: ["unreachable", true, "the connection took too long"],
  UND_ERR_CONNECT_TIMEOUT: ["unreachable", true, "the connection took too long"],
  ECONNRESET: ["interrupted", true, cut],
  EPIPE: ["interrupted", true, cut],
  UND_ERR_SOCKET: ["interrupted", true, cut],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    "interrupted",
    true,
    "fewer bytes came than the server had announced",
  ],
  UND_ERR_HEADERS_OVERFLOW: ["too-large", false, "the headers of the answer are too large"],
  UND_ERR_PRX_TLS: ["refused", false, "the certificate of the proxy is not trusted"],
  CERT_HAS_EXPIRED: ["refused", false, "its certificate has expired"],
  ERR_TLS_CERT_ALTNAME_INVALID: ["refused", false, "its certificate is for another host"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["refused", false, untrusted],
  SELF_SIGNED_CERT_IN_CHAIN: ["refused", false, untrusted],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["refused", false, untrusted],
  UNABLE_TO_GET_ISSUER_CERT: ["refused", false, untrusted],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["refused", false, untrusted],
};

/** What a connection's error means. `where` is the URL as it may be shown. */
export function networkFailure(error: unknown, where: string): Failure {
  const code = codeOf(error);
  const tunnel = /Proxy response \((\d+)\)|Proxy Authentication Required \((\d+)\)/.exec(messageOf(error));
  if (tunnel !== null) return proxyFailure(tunnel[1] ?? tunnel[2] ?? "", where);
  const [kind, retry, why] = known[code] ?? unknown(error, code);
  const options = { cause: withoutDetails(error, code), facts: { url: where } };
  return { error: new InstallError(kind, `${where} could not be fetched: ${why}`, options), retry };
}

function unknown(error: unknown, code: string): readonly [InstallErrorCode, boolean, string] {
  if (isName(error, "HTTPParserError"))
    return ["unreachable", false, "what answers there does not speak HTTP"];
  if (code.startsWith("ERR_SSL") || code.startsWith("EPROTO"))
    return ["unreachable", false, "what answers there does not speak TLS as we do"];
  return ["unreachable", false, messageOf(error)];
}

function proxyFailure(status: string, where: string): Failure {
  const wantsLogin = status === "407";
  const why = wantsLogin
    ? "the proxy wants another user and password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
    : `the proxy refused to connect (${status})`;
  const error = new InstallError(
    wantsLogin ? "refused" : "unreachable",
    `${where} could not be fetched: ${why}`,
    {
      facts: { url: where, proxyStatus: Number(status) },
    },
  );
  return { error, retry: status === "503" };
}

function isName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

// An error of several addresses that were tried holds one for each.
function codeOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : first === undefined ? "" : codeOf(first);
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // undici quotes an address now and then; nothing of it that could be a password is wanted here.
  return text.replace(/\/\/[^\s/]*@/g, "//");
}

// The errors of node and undici hang on to sockets and requests, with their headers.
function withoutDetails(error: unknown, code: string): Error {
  const message = messageOf(error) || code;
  return code === "" ? new Error(message) : Object.assign(new Error(message), { code });
}
