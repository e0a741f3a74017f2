import { fileURLToPath } from "node:url";

// A package's programs are next to the module that its main export resolves to.
const folder = new URL("./bin/", import.meta.resolve("connect-ca"));

/** The command that runs one of our providers as a plugin. */
export function providerProgram(
  name: "builtin" | "vault",
  ...args: readonly string[]
): [string, ...string[]] {
  return [process.execPath, fileURLToPath(new URL(`connect-ca-provider-${name}.js`, folder)), ...args];
}
