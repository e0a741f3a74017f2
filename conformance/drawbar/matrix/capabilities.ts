/** What hosts and plugins do with each other: the rows of the tables in docs/conformance.md, in their order. */
export const capabilities = {
  start: "handshake, dispense, a call",
  kinds: "calls and values of every kind",
  ping: "ping",
  concurrent: "many calls at once",
  sizes: "large messages, and an error for what is too large",
  errors: "status and text of errors",
  metadata: "metadata, repeated and binary, both ways",
  deadline: "deadline and cancellation reach the handler",
  versions: "the highest version that both have",
  "no-version": "no version in common is refused, naming both",
  cookie: "another magic cookie is refused",
  environment: "the host's variables reach the plugin",
  unix: "a unix socket",
  tcp: "a TCP address",
  stdio: "stdout and stderr, to the last byte",
  logs: "log lines with level and fields",
  "service-argument": "a service of the host as an argument",
  "service-result": "a service of the plugin as a result",
  bytes: "a stream of bytes through the broker",
  mux: "brokered connections over the one connection",
  "auto-mtls": "AutoMTLS",
  "auto-mtls-argument": "AutoMTLS, a service of the host as an argument",
  "auto-mtls-result": "AutoMTLS, a service of the plugin as a result",
  "auto-mtls-mux": "AutoMTLS, brokered connections over the one connection",
  tls: "TLS with certificates of one's own, mutual",
  checksum: "the program's checksum, right and wrong",
  reattach: "attaching to a plugin that another host launched",
  "test-mode": "attaching in test mode, and letting go",
  kill: "an end in order, without force",
  "kill-under-call": "calls in flight fail when the plugin is killed",
  crash: "a crash during a call fails it, and is told",
} as const;

export type Capability = keyof typeof capabilities;

export const capabilityNames: readonly Capability[] = Object.keys(capabilities) as Capability[];

/** The releases of go-plugin that are held against: the columns of the tables. */
export const releases = ["1.0.1", "1.4.8", "1.6.3", "1.8.0"] as const;

export type Release = (typeof releases)[number];

export type Transport = "grpc" | "netrpc";

/** Who is whose: our host launches a plugin on go-plugin, or a host on go-plugin launches ours. */
export type Direction = "our-host" | "go-host";

/** What shows a capability with a peer; rejects where it is not there. */
export type Cases<Lab> = Partial<Record<Capability, (lab: Lab) => Promise<void>>>;
