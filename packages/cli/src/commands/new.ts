import { basename, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import type { Project } from "../scaffold/project.ts";

interface Flags {
  readonly kind: Project["kind"];
  readonly transport: Project["transport"];
  readonly from?: string;
  readonly json?: true;
}

export function addNew(program: Command, context: CommandContext): void {
  program
    .command("new")
    .summary("begin a plugin, a host, or both")
    .description("Write a project in TypeScript that installs, builds and passes its own test at once.")
    .argument("<folder>", "where it goes; its last part is the plugin's name")
    .addOption(
      new Option("-k, --kind <kind>", "what it holds").choices(["plugin", "host", "both"]).default("both"),
    )
    .addOption(
      new Option("-t, --transport <transport>", "what host and plugin speak")
        .choices(["grpc", "netrpc"])
        .default("grpc"),
    )
    .option("--from <path>", "take drawbar from this checkout, or from tarballs in this folder, not from npm")
    .option("--json", "print what was made as JSON")
    .addHelpText("after", examples)
    .action(async (folder: string, flags: Flags) => {
      const path = resolve(context.cwd, folder);
      const name = basename(path);
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
        throw new CommandError(
          "name-invalid",
          `${name} cannot be a package's name; use small letters, digits and "-"`,
        );
      const { scaffold } = await import("../scaffold/scaffold.ts");
      const from = flags.from === undefined ? undefined : resolve(context.cwd, flags.from);
      await scaffold(path, { name, kind: flags.kind, transport: flags.transport }, from);
      const next = `cd ${relative(context.cwd, path)} && npm install && npm test`;
      context.out(
        flags.json
          ? `${JSON.stringify({ name, folder: path, next }, null, 2)}\n`
          : `${path}\nnext: ${next}\n`,
      );
    });
}

const examples = `
Examples:
  drawbar new greeter                          a gRPC plugin and its host, in ./greeter
  drawbar new greeter --kind plugin --transport netrpc
  drawbar new greeter --from ~/src/drawbar     with the packages of a checkout
`;
