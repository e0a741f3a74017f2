import { Cleanup } from "./cleanup.ts";
import { showMesh } from "./mesh.ts";
import { showRotation } from "./rotation.ts";
import { say } from "./say.ts";
import { findVault } from "./vault.ts";

// What `npm start -- ca` shows: a service mesh whose certificate authorities are plugins.

const cleanup = new Cleanup();
for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    say(`\n${signal}: ending what was started.`);
    process.exitCode = exitCode;
    void cleanup.end();
  });
}

try {
  const vault = await findVault(cleanup);
  if (vault === undefined) {
    say("There is no Vault here, so the built-in provider stands on both sides. To see Vault in its place,");
    say("install it, or name its program in VAULT_BIN, or a server in CA_VAULT_ADDR and CA_VAULT_TOKEN.");
  } else {
    say(`Vault: ${vault.address}, ${vault.origin}.`);
  }
  await showMesh(vault, cleanup);
  await showRotation(vault, cleanup);
  say("\nDone: the plugins, what they kept and all else that was started are gone.");
} catch (error) {
  // What was interrupted fails, and has been said.
  if (!cleanup.hasEnded) {
    process.exitCode = 1;
    say(`failed: ${error instanceof Error ? error.message : String(error)}`);
  }
} finally {
  await cleanup.end();
}
