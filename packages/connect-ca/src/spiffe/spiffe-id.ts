/**
 * The identity in a certificate's URI. `host` is the trust domain; a namespace or partition that was not
 * named is `default`.
 */
export type SpiffeId = ServiceId | AgentId | ServerId | MeshGatewayId | SigningId;

export interface ServiceId {
  readonly kind: "service";
  readonly host: string;
  readonly partition: string;
  readonly namespace: string;
  readonly datacenter: string;
  readonly service: string;
}

/** A client agent. */
export interface AgentId {
  readonly kind: "agent";
  readonly host: string;
  readonly partition: string;
  readonly datacenter: string;
  readonly agent: string;
}

export interface ServerId {
  readonly kind: "server";
  readonly host: string;
  readonly datacenter: string;
}

export interface MeshGatewayId {
  readonly kind: "mesh-gateway";
  readonly host: string;
  readonly partition: string;
  readonly datacenter: string;
}

/** The CA of a cluster: a trust domain itself. */
export interface SigningId {
  readonly kind: "signing";
  readonly clusterId: string;
  /** What stands behind the cluster's id; `consul` in every mesh that upstream makes. */
  readonly domain: string;
}

/** The domain of every mesh, whatever the DNS domain is. */
const meshDomain = "consul";

/** The identity of a cluster's CA. */
export function signingIdOf(clusterId: string): SigningId {
  return { kind: "signing", clusterId, domain: meshDomain };
}

/** The trust domain of a signing id. */
export function trustDomainOf({ clusterId, domain }: SigningId): string {
  return `${clusterId}.${domain}`.toLowerCase();
}

/** The id as it stands in a certificate. */
export function formatSpiffeId(id: SpiffeId): string {
  switch (id.kind) {
    case "service": {
      const { host, namespace, datacenter, service } = id;
      return `spiffe://${host}${partitionPath(id)}${path("ns", namespace, "dc", datacenter, "svc", service)}`;
    }
    case "agent":
      return `spiffe://${id.host}${partitionPath(id)}${path("agent", "client", "dc", id.datacenter, "id", id.agent)}`;
    case "server":
      return `spiffe://${id.host}${path("agent", "server", "dc", id.datacenter)}`;
    case "mesh-gateway":
      return `spiffe://${id.host}${partitionPath(id)}${path("gateway", "mesh", "dc", id.datacenter)}`;
    case "signing":
      return `spiffe://${trustDomainOf(id)}`;
  }
}

/** The DNS name that a server's certificate carries beside its URI. */
export function peeringServerName({ host, datacenter }: ServerId): string {
  return `server.${datacenter}.peering.${host}`;
}

function partitionPath({ partition }: { readonly partition: string }): string {
  return partition === "" || partition.toLowerCase() === "default" ? "" : path("ap", partition);
}

function path(...segments: string[]): string {
  return segments.map((segment) => `/${escapeSegment(segment)}`).join("");
}

// What Go's URL escapes in a path and what it leaves: $ & + , : ; = @ stay as they are.
function escapeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
