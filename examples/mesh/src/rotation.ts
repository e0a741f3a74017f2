import { Authority } from "./authority.ts";
import type { Cleanup } from "./cleanup.ts";
import { exchange } from "./exchange.ts";
import { processOf, showOutcome } from "./mesh.ts";
import { certificatesOf, newClusterId, treeOf, vaultPrimary } from "./parts.ts";
import { step, tell } from "./say.ts";
import type { Vault } from "./vault.ts";

/** A mesh's CA moves to another provider, and nobody has to stop talking meanwhile. */
export async function showRotation(vault: Vault | undefined, cleanup: Cleanup): Promise<void> {
  const clusterId = newClusterId();
  const place = { clusterId, datacenter: "dc1", isPrimary: true } as const;

  step("Another mesh began with the built-in provider. web got its certificate there, and knows its root.");
  const old = await Authority.launch({ ...place, plugin: "builtin" }, cleanup);
  await old.makeRoot();
  const web = await old.identify("web");
  tell(`before: ${processOf(old)}`);

  step(
    `The mesh moves to ${vault === undefined ? "a second built-in provider" : "Vault"}, which makes a root of its own.`,
  );
  const next =
    vault === undefined
      ? await Authority.launch({ ...place, plugin: "builtin", config: { PrivateKeyBits: 384 } }, cleanup)
      : await vaultPrimary(clusterId, vault, cleanup);
  tell(`after:  ${processOf(next)}`);
  await next.makeRoot();
  const [nextRoot] = certificatesOf(next.rootPem);
  if (nextRoot === undefined) throw new Error("the next provider has no root");
  const crossSignedPem = await old.provider.crossSignCa(nextRoot);
  next.intermediatesPem += crossSignedPem;
  tell(
    "The old root signs the new one as well. New certificates come with that, as api's here; to those who",
  );
  tell("know the old root alone, they lead there:");
  const api = await next.identify("api");
  tell(treeOf(old.rootPem, web.chainPem, api.chainPem));

  step("web has not heard of the new root yet, and still has its old certificate. It asks api:");
  const bothRoots = [old.rootPem, next.rootPem];
  const server = { identity: api, rootPems: bothRoots, expects: web.uri };
  showOutcome(await exchange({ identity: web, rootPems: [old.rootPem], expects: api.uri }, server));

  step("web gets a new certificate. When every service has one, the old root is no longer trusted.");
  const renewed = await next.identify("web");
  const rootPems = [next.rootPem];
  const server2 = { identity: api, rootPems, expects: web.uri };
  showOutcome(await exchange({ identity: renewed, rootPems, expects: api.uri }, server2));
  tell("The old certificate:");
  showOutcome(await exchange({ identity: web, rootPems, expects: api.uri }, server2));
  await old.provider.cleanup(true, {});
  await old.process.kill();
  tell("The old provider has removed its keys, and its process is gone.");
}
