import type { SocketAddress } from "@drawbar/io/node";
import { PluginConfigError } from "../errors.ts";
import type { Protocol } from "../handshake/handshake.ts";
import { formatSocketAddress, parseSocketAddress } from "../handshake/socket-address.ts";

/**
 * Where a running plugin serves: what another host needs to attach to it. The names are those of go-plugin's
 * ReattachConfig as Terraform and its like put it into JSON, so `JSON.stringify` gives what Go programs read.
 */
export interface ReattachConfig {
  readonly Protocol: Protocol;
  /** The application version that is served. 0 where it is not known: go-plugin's hosts do not tell it. */
  readonly ProtocolVersion: number;
  /** The plugin's process id. */
  readonly Pid: number;
  /** The plugin was started by itself: a host's `kill` lets go of it and does not end it. */
  readonly Test: boolean;
  readonly Addr: { readonly Network: "unix" | "tcp"; readonly String: string };
}

/** A reattach config, checked, in drawbar's own terms. */
export interface ReattachTarget {
  readonly protocol: Protocol;
  readonly version: number;
  readonly pid: number;
  readonly test: boolean;
  readonly address: SocketAddress;
}

/** The config for a plugin of this host. */
export function formatReattachConfig(target: ReattachTarget): ReattachConfig {
  const { protocol, version, pid, test, address } = target;
  return {
    Protocol: protocol,
    ProtocolVersion: version,
    Pid: pid,
    Test: test,
    Addr: { Network: address.network, String: formatSocketAddress(address) },
  };
}

/**
 * The value of Terraform's `TF_REATTACH_PROVIDERS`, which other programs that launch plugins read too.
 *
 * @param configs by the name that the host knows the plugin by, such as `registry.terraform.io/acme/cloud`
 */
export function formatReattachProviders(configs: Readonly<Record<string, ReattachConfig>>): string {
  return JSON.stringify(configs);
}

/**
 * Reads a config: JSON text or its value, with the address as Terraform writes it or as Go's own JSON of a
 * `net.Addr` has it. A missing protocol is net/rpc, as upstream has it. Throws PluginConfigError.
 *
 * @param pidRequired false where a runner stands for the process
 */
export function readReattachConfig(config: ReattachConfig | string, pidRequired = true): ReattachTarget {
  const value = typeof config === "string" ? parseJson(config) : config;
  if (typeof value !== "object" || value === null) throw invalid("it is no object");
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { Protocol: protocol = "", ProtocolVersion: version = 0, Pid: pid = 0, Test: test = false } = fields;
  if (protocol !== "grpc" && protocol !== "netrpc" && protocol !== "") {
    throw invalid(`unknown server protocol: ${String(protocol)}; "grpc" and "netrpc" are known`);
  }
  if (!isCount(version)) throw invalid(`ProtocolVersion ${JSON.stringify(version)} is no version`);
  if (typeof test !== "boolean") throw invalid("Test is no boolean");
  // 0 would mean this process's own group when it is signalled.
  if (!isCount(pid) || (pid === 0 && pidRequired)) {
    throw invalid(`Pid ${JSON.stringify(pid)} is no process id`);
  }
  return {
    protocol: protocol === "" ? "netrpc" : protocol,
    version,
    pid,
    test,
    address: readAddress(fields),
  };
}

function readAddress(fields: Readonly<Record<string, unknown>>): SocketAddress {
  const raw = fields["Addr"];
  if (typeof raw !== "object" || raw === null) throw invalid("Addr is missing");
  const addr: Readonly<Record<string, unknown>> = { ...raw };
  const { Network: network, String: text } = addr;
  const address =
    (network === "unix" || network === "tcp") && typeof text === "string"
      ? parseSocketAddress(network, text)
      : readGoAddress(addr);
  if (address === undefined) throw invalid(`Addr ${JSON.stringify(raw)} is no address`);
  return address;
}

// What encoding/json makes of a *net.UnixAddr and a *net.TCPAddr.
function readGoAddress(addr: Readonly<Record<string, unknown>>): SocketAddress | undefined {
  const { Name: path, Net: network, IP: host, Port: port } = addr;
  if (network === "unix" && typeof path === "string") return parseSocketAddress("unix", path);
  if (typeof host === "string" && typeof port === "number") {
    return parseSocketAddress("tcp", host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid("it is no JSON", cause);
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function invalid(why: string, cause?: unknown): PluginConfigError {
  return new PluginConfigError(
    `the reattach config cannot be used: ${why}; expected {"Protocol", "ProtocolVersion", "Pid", "Test", ` +
      `"Addr": {"Network", "String"}} as the plugin printed it`,
    { cause },
  );
}
