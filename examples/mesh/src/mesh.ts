import { Authority, type Identity } from "./authority.ts";
import type { Cleanup } from "./cleanup.ts";
import { exchange, type Outcome } from "./exchange.ts";
import { certificatesOf, durableState, newClusterId, treeOf, vaultPrimary } from "./parts.ts";
import { step, tell } from "./say.ts";
import type { Vault } from "./vault.ts";

/** A mesh of two datacenters: its CAs, two services that talk, and what happens when a CA's process dies. */
export async function showMesh(vault: Vault | undefined, cleanup: Cleanup): Promise<void> {
  const clusterId = newClusterId();
  const state = await durableState(cleanup);
  const place = { clusterId, datacenter: "dc2", isPrimary: false } as const;
  const launchSecondary = () => Authority.launch({ ...place, plugin: "builtin", args: state }, cleanup);

  step(
    "Two datacenters. The certificate authority of each is a plugin: a process that this program started.",
  );
  const primary = await launchPrimary(clusterId, vault, cleanup);
  tell(`dc1, the primary:   ${processOf(primary)}`);
  const secondary = await launchSecondary();
  tell(`dc2, the secondary: ${processOf(secondary)}`);

  step("One root, which dc1 makes. dc2 makes a key of its own and has its certificate signed by dc1.");
  await primary.makeRoot();
  await secondary.joinBelow(primary);

  step("Two services get certificates, each from its own datacenter. All of them, below what signed them:");
  const web = await primary.identify("web");
  const api = await secondary.identify("api");
  tell(treeOf(primary.rootPem, web.chainPem, api.chainPem));

  step(
    "web asks api, over mutual TLS. Each verifies the other's chain to the root, and then the name in it.",
  );
  const rootPems = [primary.rootPem];
  const server = { identity: api, rootPems, expects: web.uri };
  showOutcome(await exchange({ identity: web, rootPems, expects: api.uri }, server));
  tell("A certificate of this mesh for another service:");
  const other = await primary.identify("other");
  showOutcome(await exchange({ identity: other, rootPems, expects: api.uri }, server));
  tell("A certificate with web's very name, from another CA:");
  const forged = await forgedWeb(clusterId, cleanup);
  showOutcome(await exchange({ identity: forged, rootPems, expects: api.uri }, server));

  step("dc2's CA dies: its process is killed in the middle of a request for a certificate.");
  tell("The caller is told:");
  tell((await killDuringSign(secondary)).replace(/^/gm, "  "));
  const successor = await launchSecondary();
  await successor.resume(primary.rootPem);
  const renewed = await successor.identify("api");
  tell(`Its successor, process ${successor.process.pid}, finds the same CA in the same folder and goes on.`);
  tell(
    `Serial numbers are set aside on disk before they are used: after ${serialOf(api)} comes ${serialOf(renewed)},`,
  );
  tell("and none can come twice.");
}

async function launchPrimary(
  clusterId: string,
  vault: Vault | undefined,
  cleanup: Cleanup,
): Promise<Authority> {
  if (vault !== undefined) return await vaultPrimary(clusterId, vault, cleanup);
  const place = { clusterId, datacenter: "dc1", isPrimary: true } as const;
  return await Authority.launch({ ...place, plugin: "builtin" }, cleanup);
}

/** How an authority runs. */
export function processOf({ plugin, process: { pid, version, protocol } }: Authority): string {
  return `${plugin}, process ${pid}, speaks version ${version} over ${protocol}`;
}

export function showOutcome(outcome: Outcome): void {
  if ("refused" in outcome) {
    tell(`  api refuses: ${outcome.refused}`);
    return;
  }
  tell(`  api saw ${outcome.serverSaw}`);
  tell(`  web saw ${outcome.clientSaw}`);
  tell(`  web was told "${outcome.answer}"`);
}

async function forgedWeb(clusterId: string, cleanup: Cleanup): Promise<Identity> {
  const place = { clusterId, datacenter: "dc1", isPrimary: true } as const;
  const stranger = await Authority.launch({ ...place, plugin: "builtin" }, cleanup);
  await stranger.makeRoot();
  return await stranger.identify("web");
}

async function killDuringSign(authority: Authority): Promise<string> {
  const { csr } = await authority.request("api");
  const signing = authority.provider.sign(csr);
  process.kill(authority.process.pid, "SIGKILL");
  return await signing.then(
    () => "nothing, it was answered",
    (error: Error & { readonly code?: string }) => `${error.code}: ${error.message}`,
  );
}

function serialOf({ chainPem }: Identity): bigint | undefined {
  return certificatesOf(chainPem)[0]?.serialNumber;
}
