import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { addTargetFlags, type TargetFlags } from "../target/target-flags.ts";
import { examine, showReport } from "./info.ts";

interface Flags extends TargetFlags {
  readonly json?: true;
}

export function addDoctor(program: Command, context: CommandContext): void {
  const command = program
    .command("doctor")
    .summary("find out why a plugin does not start")
    .description(
      "Start a plugin as a host does, and say what is wrong with it: the file, its machine, what it printed, its " +
        "handshake, its connection. When it starts, show its handshake and end with 0.",
    )
    .argument("<command...>", "the plugin's program and its arguments, or the name of an installed plugin")
    .option("--json", "print it as JSON");
  addTargetFlags(command);
  command.addHelpText("after", examples).action(async (words: readonly string[], flags: Flags) => {
    const report = await examine(words, flags, context);
    context.out(flags.json ? `${JSON.stringify(report, null, 2)}\n` : `it starts\n${showReport(report)}`);
  });
}

const examples = `
Examples:
  drawbar doctor ./kv-plugin
  drawbar doctor --cookie MY_PLUGIN=secret node dist/plugin.js
  drawbar doctor --mtls terraform-provider-time
`;
