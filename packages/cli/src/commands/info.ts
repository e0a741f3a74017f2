import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import type { PluginReport } from "../reflect/describe-plugin.ts";
import { isUsualService } from "../reflect/usual-services.ts";
import { addReattachFlag, addTargetFlags, type TargetFlags } from "../target/target-flags.ts";

interface Flags extends TargetFlags {
  readonly json?: true;
}

export function addInfo(program: Command, context: CommandContext): void {
  const command = program
    .command("info")
    .summary("show what a plugin is and serves")
    .description(
      "Show a plugin's handshake, its versions and protocol, and its services by gRPC reflection. It is started for " +
        "this, unless it runs already.",
    )
    .argument("[command...]", "the plugin's program and its arguments, or the name of an installed plugin")
    .option("--json", "print it as JSON");
  addTargetFlags(addReattachFlag(command));
  command.addHelpText("after", examples).action(async (words: readonly string[], flags: Flags) => {
    const report = await examine(words, flags, context);
    context.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : showReport(report));
  });
}

const examples = `
Examples:
  drawbar info ./kv-plugin
  drawbar info --cookie MY_PLUGIN=secret node dist/plugin.js
  drawbar info --reattach "$TF_REATTACH_PROVIDERS"
`;

/** Starts a plugin, or attaches to one, and asks it what it is. */
export async function examine(
  words: readonly string[],
  flags: TargetFlags,
  context: CommandContext,
): Promise<PluginReport> {
  const [{ openTarget }, { describePlugin }, { advised }] = await Promise.all([
    import("../target/open-target.ts"),
    import("../reflect/describe-plugin.ts"),
    import("../target/advise.ts"),
  ]);
  try {
    await using target = await openTarget(words, flags, context);
    return await describePlugin(target);
  } catch (error) {
    throw advised(error, flags);
  }
}

/** For people: one fact a line, and the methods of its own services. */
export function showReport({ plugin, handshake, services }: PluginReport): string {
  const named = [plugin?.name, plugin?.version].filter((text) => text !== undefined).join(" ");
  const usual = (services ?? []).filter(({ name }) => isUsualService(name));
  const own = (services ?? []).filter(({ name }) => !isUsualService(name));
  const lines = [
    ...(named === "" ? [] : [`plugin     ${named}`]),
    `handshake  core version ${handshake.coreVersion}, application version ${handshake.version}`,
    `protocol   ${handshake.protocol}`,
    ...(handshake.address === undefined ? [] : [`address    ${handshake.address}`]),
    `process    ${handshake.pid}`,
    ...(services === undefined ? ["services   not told: the plugin has no gRPC reflection"] : []),
    ...own.flatMap(({ name, methods }) => [`service    ${name}`, ...methods.map((text) => `  ${text}`)]),
    ...(usual.length === 0 ? [] : [`besides    ${usual.map(({ name }) => name).join(", ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}
