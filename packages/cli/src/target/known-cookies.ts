/**
 * The magic cookies of hosts whose plugins are programs of their own. They are no secrets: they stand in the sources
 * of these hosts, and only keep people from starting a plugin by hand.
 */
export const knownCookies: Readonly<Record<string, readonly [key: string, value: string]>> = {
  terraform: ["TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"],
  nomad: ["NOMAD_PLUGIN_MAGIC_COOKIE", "e4327c2e01eabfd75a8a67adb114fb34a757d57eee7728d857a8cec6e91a7255"],
  vault: ["VAULT_BACKEND_PLUGIN", "6669da05-b1c8-4f49-97d9-c8e5bed98e20"],
  "vault-database": ["VAULT_DATABASE_PLUGIN", "926a0820-aea2-be28-51d6-83cdf00e8edb"],
  // go-plugin's own examples, which many plugins began as.
  example: ["BASIC_PLUGIN", "hello"],
};
