import { fileURLToPath } from "node:url";

/** How to start the plugin: the user's command line through the shell, or one of this example's own. */
export function pluginCommand(commandLine: string | undefined, own = "plugin-grpc"): [string, ...string[]] {
  if (commandLine !== undefined && commandLine !== "") return ["sh", "-c", commandLine];
  return [process.execPath, fileURLToPath(new URL(`./${own}.js`, import.meta.url))];
}
