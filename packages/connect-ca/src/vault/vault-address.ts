import { VaultError } from "./vault-error.ts";

/** Where a Vault listens. */
export type VaultAddress =
  | { readonly kind: "http"; readonly host: string; readonly port: number; readonly prefix: string }
  | { readonly kind: "https"; readonly host: string; readonly port: number; readonly prefix: string }
  | { readonly kind: "unix"; readonly socketPath: string };

/**
 * Reads `http://host:port`, `https://host:port`, with a path in front of `/v1` if a proxy wants one, or
 * `unix:///path/to/socket`. Ports default to 80 and 443.
 */
export function parseVaultAddress(address: string): VaultAddress {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw invalidAddress(address, "is not a URL");
  if (url.username !== "" || url.password !== "") {
    throw invalidAddress(`${url.protocol}//…@${url.host}`, "holds a user name or password");
  }
  switch (url.protocol) {
    case "unix:":
      if (url.host !== "" || url.pathname === "") throw invalidAddress(address, "names no absolute path");
      return { kind: "unix", socketPath: decodeURIComponent(url.pathname) };
    case "http:":
      return { kind: "http", ...hostAndPort(url, 80) };
    case "https:":
      return { kind: "https", ...hostAndPort(url, 443) };
    default:
      throw invalidAddress(address, `has the scheme ${url.protocol}`);
  }
}

function hostAndPort(url: URL, defaultPort: number): { host: string; port: number; prefix: string } {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? defaultPort : Number(url.port),
    prefix: url.pathname.replace(/\/+$/, ""),
  };
}

function invalidAddress(address: string, problem: string): VaultError {
  const expected = "http://host:port, https://host:port or unix:///path";
  return new VaultError(
    "vault-option-invalid",
    `the Vault address "${address}" ${problem}; expected ${expected}`,
  );
}
