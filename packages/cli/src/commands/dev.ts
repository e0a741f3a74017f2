import { join, resolve } from "node:path";
import type { Command } from "commander";
import { outputName, usualEntry } from "../build/usual-entry.ts";
import { collect } from "../collect.ts";
import type { CommandContext } from "../command-context.ts";
import type { DevelopEvent } from "../dev/develop-options.ts";

interface Flags {
  readonly name?: string;
  readonly external?: readonly string[];
  readonly json?: true;
}

export function addDev(program: Command, context: CommandContext): void {
  program
    .command("dev")
    .summary("serve a plugin for a debugger, anew after each change")
    .description(
      "Build a plugin and serve it without a host, and again after each change of its files. It prints what hosts attach " +
        "with: the variables DRAWBAR_REATTACH and TF_REATTACH_PROVIDERS.",
    )
    .passThroughOptions()
    .argument("[entry]", "the plugin's main module (default: as of drawbar build)")
    .argument("[args...]", "the plugin's own arguments")
    .option("-n, --name <name>", "what hosts know the plugin by, such as registry.terraform.io/acme/cloud")
    .option("-x, --external <package>", "do not put this package in", collect)
    .option("--json", "print a line of JSON for each event, and the plugin's output on stderr")
    .addHelpText("after", examples)
    .action(async (given: string | undefined, args: readonly string[], flags: Flags) => {
      const { developPlugin } = await import("../dev/develop-plugin.ts");
      const entry = resolve(context.cwd, given ?? usualEntry(context.cwd));
      await developPlugin({
        entry,
        args,
        external: flags.external ?? [],
        name: flags.name ?? outputName(entry),
        folder: join(context.cwd, "node_modules", ".cache", "drawbar-dev"),
        cwd: context.cwd,
        env: context.env,
        signal: context.signal,
        onOutput: (text, stream) =>
          stream === "stdout" && !flags.json ? context.out(text) : context.err(text),
        onEvent: (event) =>
          flags.json ? context.out(`${JSON.stringify(plain(event))}\n`) : show(event, context),
      });
    });
}

const examples = `
Examples:
  drawbar dev
  drawbar dev src/plugin.ts --name registry.terraform.io/acme/cloud

In another terminal, with a line that it printed:
  drawbar call --reattach '{"Protocol":"grpc",…}' Greeter/Greet
`;

function plain(event: DevelopEvent): object {
  return event.kind === "build-failed" ? { kind: event.kind, message: event.error.message } : event;
}

// The plugin has printed itself what hosts attach with.
function show(event: DevelopEvent, context: CommandContext): void {
  if (event.kind === "build-failed") context.err(`${event.error.message}\nwaiting for a change\n`);
  if (event.kind === "ended") context.err(`the plugin ended (${event.how}); waiting for a change\n`);
}
