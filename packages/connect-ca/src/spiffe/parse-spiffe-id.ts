import { SpiffeError } from "./spiffe-error.ts";
import type { SpiffeId } from "./spiffe-id.ts";

interface Pattern {
  readonly expression: RegExp;
  make(host: string, part: (name: string, what: string) => string): SpiffeId;
}

// In the order in which upstream tries them.
const patterns: readonly Pattern[] = [
  {
    expression: /^(?:\/ap\/(?<ap>[^/]+))?\/ns\/(?<ns>[^/]+)\/dc\/(?<dc>[^/]+)\/svc\/(?<service>[^/]+)$/,
    make: (host, part) => ({
      kind: "service",
      host,
      partition: part("ap", "admin partition"),
      namespace: part("ns", "namespace"),
      datacenter: part("dc", "datacenter"),
      service: part("service", "service"),
    }),
  },
  {
    expression: /^(?:\/ap\/(?<ap>[^/]+))?\/agent\/client\/dc\/(?<dc>[^/]+)\/id\/(?<id>[^/]+)$/,
    make: (host, part) => ({
      kind: "agent",
      host,
      partition: part("ap", "admin partition"),
      datacenter: part("dc", "datacenter"),
      agent: part("id", "node"),
    }),
  },
  {
    expression: /^(?:\/ap\/(?<ap>[^/]+))?\/gateway\/mesh\/dc\/(?<dc>[^/]+)$/,
    make: (host, part) => ({
      kind: "mesh-gateway",
      host,
      partition: part("ap", "admin partition"),
      datacenter: part("dc", "datacenter"),
    }),
  },
  {
    expression: /^\/agent\/server\/dc\/(?<dc>[^/]+)$/,
    make: (host, part) => ({ kind: "server", host, datacenter: part("dc", "datacenter") }),
  },
];

/**
 * Reads the URI of a certificate or request.
 *
 * @throws SpiffeError with upstream's text
 */
export function parseSpiffeId(uri: string): SpiffeId {
  if (!/^spiffe:/i.test(uri)) throw new SpiffeError("SPIFFE ID must have 'spiffe' scheme");
  const [, host, path] = /^spiffe:\/\/([^/?#@]*)([^?#]*)$/i.exec(uri) ?? [];
  if (host === undefined || path === undefined) throw unexpected(uri);
  for (const { expression, make } of patterns) {
    const groups = expression.exec(path)?.groups;
    if (groups !== undefined) return make(host, (name, what) => decodePart(groups[name], what));
  }
  const dot = host.indexOf(".");
  if (path !== "" || dot < 1) throw unexpected(uri);
  return { kind: "signing", clusterId: host.slice(0, dot), domain: host.slice(dot + 1) };
}

// Only an optional part can be missing.
function decodePart(text: string | undefined, what: string): string {
  if (text === undefined) return "default";
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SpiffeError(`Invalid ${what}: "${text}" is not percent-encoded text`);
  }
}

function unexpected(uri: string): SpiffeError {
  return new SpiffeError(`SPIFFE ID is not in the expected format: ${uri}`);
}
