const longestProvider = 32;
const longestName = 64;

/**
 * The common name of a CA certificate: `pri-1cj8zamm.consul.ca.07933a13.consul`, from the provider's name,
 * a compactUid, the cluster's id and whether this is the primary datacenter. What a host name cannot hold
 * is dropped, and the name never grows past what a common name may be.
 */
export function caCommonName(provider: string, uid: string, clusterId: string, isPrimary: boolean): string {
  const role = isPrimary ? "pri" : "sec";
  const providerPart = hostLabel(provider).slice(0, longestProvider);
  const clusterPart = clusterId.slice(0, 8);
  return `${role}-${hostLabel(uid)}.${providerPart}.ca.${clusterPart}.consul`.slice(0, longestName);
}

function hostLabel(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
