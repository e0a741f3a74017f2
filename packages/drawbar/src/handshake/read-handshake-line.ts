import type { SocketAddress } from "@drawbar/io/node";
import type { PluginStartErrorCode } from "../errors.ts";
import { goIntError, goList, parseGoBool, parseGoInt, quote } from "./go-text.ts";
import { coreProtocolVersion, type Protocol } from "./handshake.ts";
import { parseSocketAddress } from "./socket-address.ts";

/** What a host accepts in a plugin's handshake line. */
export interface HandshakeExpectation {
  /** The application versions that the host has plugin sets for. */
  readonly versions: readonly number[];
  readonly allowedProtocols: readonly Protocol[];
  /** The host asked for broker multiplexing and cannot do without. */
  readonly multiplex: boolean;
}

/** A plugin's handshake line, accepted. */
export interface AcceptedHandshake {
  readonly ok: true;
  readonly version: number;
  readonly address: SocketAddress;
  readonly protocol: Protocol;
  /** The plugin's certificate (DER), where it sent one. */
  readonly serverCert: Uint8Array | undefined;
  /** The plugin serves the connection that it was started with. */
  readonly inherited: boolean;
}

/** Why a line was refused. Messages begin with go-plugin's own words, which users search for. */
export interface RefusedHandshake {
  readonly ok: false;
  readonly code: PluginStartErrorCode;
  readonly message: string;
}

/**
 * True for a line that is meant as a handshake: at least four fields, of which the first is a number.
 * Anything else that a plugin prints before it is noise.
 */
export function looksLikeHandshake(line: string): boolean {
  const fields = line.trim().split("|", 4);
  return fields.length === 4 && parseGoInt(fields[0] ?? "") !== undefined;
}

/**
 * Reads `CORE|VERSION|NETWORK|ADDRESS[|PROTOCOL[|CERT[|MULTIPLEX]]]` in the order in which go-plugin's host
 * checks it, so that a line with several faults is refused for the same one. Plugins made with drawbar may add
 * `|inherited`.
 */
export function readHandshakeLine(
  line: string,
  expected: HandshakeExpectation,
): AcceptedHandshake | RefusedHandshake {
  const fields = line.trim().split("|");
  const [
    core = "",
    version = "",
    network = "",
    address = "",
    protocol = "netrpc",
    cert = "",
    multiplex,
    inherited,
  ] = fields;
  if (fields.length < 4) return refuseUnrecognized(line);
  return (
    refuseCoreVersion(core) ??
    refuseVersion(version, expected.versions) ??
    refuseNetwork(network, address) ??
    refuseProtocol(protocol, expected.allowedProtocols) ??
    refuseCert(cert) ??
    refuseMultiplex(protocol, multiplex, expected.multiplex) ?? {
      ok: true,
      version: Number(version),
      // Both were checked above.
      address: parseSocketAddress(network as "unix" | "tcp", address) as SocketAddress,
      protocol: protocol as Protocol,
      serverCert: hasCert(cert) ? new Uint8Array(Buffer.from(cert, "base64")) : undefined,
      inherited: inherited === "inherited",
    }
  );
}

/** The refusal of a plugin that printed something else than a handshake. */
export function refuseUnrecognized(line: string): RefusedHandshake {
  const fields = line.trim().split("|");
  if (fields.length >= 4)
    return refuse(
      "core-version-invalid",
      `error parsing core protocol version: ${goIntError(fields[0] ?? "")}`,
    );
  return refuse("handshake-unrecognized", `Unrecognized remote plugin message: ${line.trim()}`);
}

function refuse(code: PluginStartErrorCode, message: string): RefusedHandshake {
  return { ok: false, code, message };
}

function refuseCoreVersion(text: string): RefusedHandshake | undefined {
  const version = parseGoInt(text);
  if (version === undefined) {
    return refuse("core-version-invalid", `error parsing core protocol version: ${goIntError(text)}`);
  }
  if (version === coreProtocolVersion) return undefined;
  return refuse(
    "core-version-incompatible",
    `incompatible core API version with plugin. Plugin version: ${text}, Core version: ${coreProtocolVersion}\n\n` +
      "To fix this, the plugin usually only needs to be rebuilt with a current go-plugin or drawbar.\n" +
      "Please report this to the plugin author",
  );
}

function refuseVersion(text: string, versions: readonly number[]): RefusedHandshake | undefined {
  const version = parseGoInt(text);
  if (version === undefined) {
    return refuse(
      "app-version-invalid",
      `Error parsing protocol version ${quote(text)}: ${goIntError(text)}`,
    );
  }
  if (versions.includes(version)) return undefined;
  const advice =
    version < Math.min(...versions)
      ? "install a newer release of the plugin"
      : "update the host, or install an older release of the plugin";
  return refuse(
    "app-version-incompatible",
    `incompatible API version with plugin. Plugin version: ${version}, Client versions: ${goList(versions)}\n` +
      `To fix this, ${advice}`,
  );
}

function refuseNetwork(network: string, address: string): RefusedHandshake | undefined {
  if (network !== "unix" && network !== "tcp") {
    return refuse(
      "network-unknown",
      `unknown address type: ${address} (network ${quote(network)}; "unix" and "tcp" are known)`,
    );
  }
  if (parseSocketAddress(network, address) !== undefined) return undefined;
  return refuse("address-invalid", `the plugin's ${network} address cannot be used: ${quote(address)}`);
}

function refuseProtocol(protocol: string, allowed: readonly Protocol[]): RefusedHandshake | undefined {
  if ((allowed as readonly string[]).includes(protocol)) return undefined;
  return refuse(
    "protocol-not-allowed",
    `unsupported plugin protocol ${quote(protocol)}. Supported: ${goList(allowed)}\n` +
      "To fix this, add the protocol to allowedProtocols, or use a build of the plugin that speaks one of those",
  );
}

// Old plugins put other, short data into the field of the certificate.
function hasCert(text: string): boolean {
  return text.length > 50;
}

function refuseCert(text: string): RefusedHandshake | undefined {
  if (!hasCert(text) || /^[A-Za-z0-9+/]+$/.test(text)) return undefined;
  const offset = text.search(/[^A-Za-z0-9+/]/);
  return refuse(
    "server-cert-invalid",
    `error parsing server cert: illegal base64 data at input byte ${offset}`,
  );
}

function refuseMultiplex(
  protocol: string,
  flag: string | undefined,
  wanted: boolean,
): RefusedHandshake | undefined {
  if (!wanted || protocol !== "grpc") return undefined;
  const unsupported = "client requested gRPC broker multiplexing but plugin does not support the feature";
  if (flag === undefined) {
    return refuse(
      "multiplex-not-supported",
      `${unsupported}; for Go plugins, you will need to update the github.com/hashicorp/go-plugin dependency and recompile`,
    );
  }
  const supported = parseGoBool(flag);
  if (supported === true) return undefined;
  if (supported === false) return refuse("multiplex-not-supported", unsupported);
  return refuse(
    "multiplex-flag-invalid",
    `error parsing ${quote(flag)} as a boolean for gRPC broker multiplexing support`,
  );
}
