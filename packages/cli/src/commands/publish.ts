import { basename, dirname, resolve } from "node:path";
import type { ReleaseFiles } from "@drawbar/install";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { UsageError } from "../usage-error.ts";
import type { AddCommand } from "./add-command.ts";

interface Flags {
  readonly unsigned?: true;
  readonly json?: true;
}

/** `drawbar publish`: a release into a folder for a web server. */
export const addPublish: AddCommand = (program: Command, context: CommandContext): void => {
  program
    .command("publish")
    .summary("put a packed release where a web server finds it")
    .description(
      "Put a release that was packed and signed into a folder that any static web server can serve, for drawbar " +
        "install and for Terraform as a network mirror. What is published stays: another build is another version.",
    )
    .argument(
      "<release>",
      "the folder with the archives, or the NAME_VERSION_SHA256SUMS of one release in it",
    )
    .argument("<site>", "the plugin's own folder on the site: SITE/HOST/NAMESPACE/NAME")
    .option("--unsigned", "publish without a signature")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action((release: string, site: string, flags: Flags) => publish(release, site, flags, context));
};

const examples = `
Examples:
  drawbar publish dist site/plugins.example.com/acme/kv
  drawbar publish dist/kv_1.2.0_SHA256SUMS site/plugins.example.com/acme/kv
  drawbar install kv mirror::https://plugins.example.com/plugins.example.com/acme/kv   what others say then
`;

async function publish(release: string, site: string, flags: Flags, context: CommandContext): Promise<void> {
  const { publishRelease, readRelease } = await import("@drawbar/install");
  const path = resolve(context.cwd, release);
  const files = path.endsWith("_SHA256SUMS")
    ? await readRelease(dirname(path), basename(path))
    : await readRelease(path);
  if (files.signatures.length === 0 && !flags.unsigned) throw unsigned(files);
  const folder = resolve(context.cwd, site);
  const published = await publishRelease({ release: files, folder, signal: context.signal });
  const { name, version, added } = published;
  const what =
    added.length === 0
      ? "was published already\n"
      : `published:\n${added.map((file) => `  ${file}\n`).join("")}`;
  context.out(
    flags.json ? `${JSON.stringify({ ...published, folder }, undefined, 2)}\n` : `${name} ${version} ${what}`,
  );
}

function unsigned({ checksums }: ReleaseFiles): UsageError {
  return new UsageError(
    `${checksums.fileName} is not signed: sign it (drawbar sign ${checksums.fileName} --key KEY), or say --unsigned`,
  );
}
