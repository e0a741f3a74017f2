import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toError } from "@drawbar/io";
import { PluginClient } from "drawbar";
import { BuildError } from "./build-error.ts";

// Writes the compiled form of the script that the file makes, with all that has run, when the process ends. The name
// of the script, which stays with it, is not to be that of a folder that will be gone.
const hook = `
const vm = require("node:vm");
const { Script } = vm;
vm.Script = class extends Script {
  constructor(text, options) {
    super(text, { ...options, filename: require("node:path").basename(options.filename) });
    vm.Script = Script;
    process.once("exit", () => require("node:fs").writeFileSync(__dirname + "/cache", this.createCachedData()));
  }
};
`;

// Instead of the plugin's own cookie, which nobody has told us: plugins made with drawbar take it as well.
const handshake = { magicCookieKey: "DRAWBAR_TRAINING", magicCookieValue: "1" };

// A plugin chooses one of these that it knows.
const anyVersion = Object.fromEntries(Array.from({ length: 33 }, (_, version) => [version, {}]));

/**
 * Starts a plugin as a host does, with AutoMTLS, asks it whether it serves, and ends it. None of its own methods is
 * called.
 *
 * @param contents of the built file, without compiled code
 * @param outFile where the file is to be: it runs in a folder beside, so that it finds what is installed there
 * @returns what V8 compiled meanwhile. Rejects with BuildError if the plugin did not serve
 */
export async function trainProgram(contents: string, outFile: string): Promise<Uint8Array> {
  await mkdir(dirname(outFile), { recursive: true });
  const folder = await mkdtemp(join(dirname(outFile), ".training-"));
  try {
    const [file, hookFile] = [join(folder, basename(outFile)), join(folder, "hook.cjs")];
    await writeFile(file, contents);
    await writeFile(hookFile, hook);
    await launch([process.execPath, "--require", hookFile, file]);
    return await readFile(join(folder, "cache"));
  } catch (cause) {
    throw new BuildError(
      "build-training-failed",
      `${basename(outFile)} did not serve when it was started for training: ${toError(cause).message}\n` +
        "build without --train if it cannot be started here",
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function launch(cmd: readonly [string, ...string[]]): Promise<void> {
  await using client = await PluginClient.launch({
    handshake,
    versionedPlugins: anyVersion,
    cmd,
    // What decides about V8's flags would make the compiled code useless elsewhere.
    env: { NODE_OPTIONS: "" },
    autoMtls: true,
  });
  await client.ping();
  await client.describe();
}
