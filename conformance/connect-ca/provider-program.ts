import { fileURLToPath } from "node:url";

// From conformance/dist/connect-ca, where this file runs. They are built by scripts/lib/test-plugins.mjs; as they are
// published they run in the tests of examples/mesh.
const built = new URL("./bundle/", import.meta.url);

/** The command that runs one of our providers as a plugin. */
export function providerProgram(
  name: "builtin" | "vault",
  ...args: readonly string[]
): [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL(`connect-ca-provider-${name}`, built)), ...args];
}
