/** Texts of upstream's providers, and of ours, by what they mean; where they stand in a message matters. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/provider not initialized|^error parsing CA cert: /, "ca-not-initialized"],
  [/could not fetch the CA certificate|stored CA information not able to be parsed/, "ca-not-initialized"],
  [/provider is not the root certificate authority/, "ca-not-primary"],
  [/provider is the root certificate authority/, "ca-is-primary"],
  [/cannot set an intermediate using another root in the primary/, "ca-is-primary"],
  [/operation rate limited by CA provider|Rate limit reached, try again later/, "ca-rate-limited"],
  [/cross-signing disabled|^rpc: can't find (method|service)/, "ca-unsupported"],
  [/(root|intermediate) certificate is expired/, "ca-root-expired"],
  [/^backend not mounted|Vault answered 404 |Code: 404\. Errors:/, "ca-backend-not-mounted"],
  [/^incoming CSR |^CSR is not signed by its key/, "ca-request-invalid"],
  [
    /^incoming (intermediate )?cert |^intermediate (is not a CA certificate|cert is for )/,
    "ca-intermediate-invalid",
  ],
  [/^error parsing intermediate PEM|^could not verify intermediate cert/, "ca-intermediate-invalid"],
  [
    /cert TTL (must|is set)|^private key type must be|key length must be|error decoding config/i,
    "ca-config-invalid",
  ],
  [/^could not configure the Vault client: |auth method("| ).* is not supported/, "ca-config-invalid"],
  [/^must provide |^error parsing (PrivateKey|RootCert)/, "ca-config-invalid"],
  [/permission denied|Code: 403\. Errors:|Vault answered 403 /, "ca-permission-denied"],
  [/Vault is sealed|connection refused|Code: 50[234]\. Errors:|Vault answered 50[234] /, "ca-unavailable"],
  [/no connection for |connection was lost during |Vault did not answer /, "ca-unavailable"],
];

/** The code that a message stands for, where nothing but the message came: Consul 1.6's plugins and net/rpc. */
export function errorCodeOfText(message: string): string {
  return meanings.find(([pattern]) => pattern.test(message))?.[1] ?? "ca-backend-failed";
}
