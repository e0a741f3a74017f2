import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { UsageError } from "../usage-error.ts";
import type { AddCommand } from "./add-command.ts";

interface Flags {
  readonly key?: string;
  readonly passphraseFile?: string;
  readonly generate?: string;
  readonly kind: "minisign" | "ed25519";
  /** False by `--no-passphrase`. */
  readonly passphrase: boolean;
  readonly json?: true;
}

/** `drawbar sign`: a signature of a release's checksums, or a key pair to sign with. */
export const addSign: AddCommand = (program: Command, context: CommandContext): void => {
  program
    .command("sign")
    .summary("sign a release, or make a key to sign with")
    .description(
      "Sign a release's list of checksums with an OpenPGP, minisign or Ed25519 key, whose kind is seen from its file. " +
        "For an archive or program named NAME_VERSION_os_arch the list is written first.",
    )
    .argument("[file]", "NAME_VERSION_SHA256SUMS, a folder with one, or a file of the release")
    .option("--key <file>", "the secret key")
    .option(
      "--passphrase-file <file>",
      "opens the key by the first line of a file (default: DRAWBAR_PASSPHRASE)",
    )
    .option("--generate <path>", "make a key pair instead: PATH.key, to be kept secret, and PATH.pub")
    .addOption(
      new Option("--kind <kind>", "of a new key").choices(["minisign", "ed25519"]).default("minisign"),
    )
    .option("--no-passphrase", "leave a new key open to whoever reads its file")
    .option("--json", "print the result as JSON")
    .addHelpText("after", examples)
    .action(async (file: string | undefined, flags: Flags) => {
      const result =
        flags.generate === undefined
          ? await sign(file, flags, context)
          : await generate(file, flags, context);
      context.out(flags.json ? `${JSON.stringify(result, undefined, 2)}\n` : describe(result));
    });
};

const examples = `
Examples:
  drawbar sign --generate ~/keys/acme            asks DRAWBAR_PASSPHRASE to lock acme.key
  drawbar sign dist --key ~/keys/acme.key        signs the release in dist
  drawbar sign dist/kv_1.2.0_SHA256SUMS --key release.asc --passphrase-file secret.txt

A passphrase is never taken from the command line, where other users can see it.
`;

interface Signed {
  readonly signed: string;
  readonly signature: string;
  readonly by: string;
}

interface Generated {
  readonly secretKey: string;
  readonly publicKey: string;
  readonly id: string;
}

function describe(result: Signed | Generated): string {
  if ("signed" in result) return `${result.signature}\nsigned by ${result.by}\n`;
  return `${result.secretKey}  keep it secret\n${result.publicKey}  for whoever installs\n`;
}

async function sign(file: string | undefined, flags: Flags, context: CommandContext): Promise<Signed> {
  if (file === undefined || flags.key === undefined)
    throw new UsageError("say what to sign, and with which --key");
  const { readSigningKey, signatureSuffix } = await import("@drawbar/install");
  const keyFile = resolve(context.cwd, flags.key);
  const list = await listOf(resolve(context.cwd, file));
  const key = await readSigningKey(await readFile(keyFile), keyFile, () => passphrase(flags, context));
  const signature = list + signatureSuffix[key.kind];
  await writeFile(signature, await key.sign(await readFile(list), basename(list), new Date()));
  return { signed: list, signature, by: key.id };
}

const listName = /_SHA256SUMS$/;

/** The list of checksums that is meant: the file itself, the folder's, or that of a file's release, written now. */
async function listOf(path: string): Promise<string> {
  if (listName.test(path)) return path;
  if ((await stat(path)).isDirectory()) {
    const lists = (await readdir(path)).filter((name) => listName.test(name));
    const [only] = lists;
    if (only !== undefined && lists.length === 1) return join(path, only);
    const found = lists.length === 0 ? "no NAME_VERSION_SHA256SUMS" : `several: ${lists.join(", ")}`;
    throw new UsageError(`${path} has ${found}: say which file to sign`);
  }
  const { releaseOf, writeChecksumList } = await import("@drawbar/install");
  const release = releaseOf(basename(path));
  if (release === undefined) {
    throw new UsageError(
      `${basename(path)} is of no release: it has to be named NAME_VERSION_os_arch, such as kv_1.2.0_linux_amd64.zip`,
    );
  }
  return writeChecksumList(dirname(path), release);
}

async function generate(file: string | undefined, flags: Flags, context: CommandContext): Promise<Generated> {
  if (file !== undefined || flags.key !== undefined)
    throw new UsageError("--generate makes a key and signs nothing");
  const lock = flags.passphrase ? await passphrase(flags, context) : undefined;
  if (flags.passphrase && lock === undefined) {
    throw new UsageError(
      "a new key needs a passphrase: DRAWBAR_PASSPHRASE, --passphrase-file, or say --no-passphrase",
    );
  }
  const { generateSigningKeyPair } = await import("@drawbar/install");
  const path = resolve(context.cwd, flags.generate ?? "");
  const [secretKey, publicKey] = [`${path}.key`, `${path}.pub`];
  for (const file of [secretKey, publicKey]) if (existsSync(file)) throw keyExists(file);
  const pair = await generateSigningKeyPair({ kind: flags.kind, passphrase: lock });
  await writeFile(secretKey, pair.secretKey, { flag: "wx", mode: 0o600 });
  await writeFile(publicKey, pair.publicKey, { flag: "wx", mode: 0o644 });
  return { secretKey, publicKey, id: pair.id };
}

function keyExists(path: string): CommandError {
  return new CommandError(
    "key-exists",
    `${path} is there already; whoever trusts it would not trust another, so it is left as it is: choose another path`,
  );
}

async function passphrase(flags: Flags, context: CommandContext): Promise<string | undefined> {
  if (flags.passphraseFile === undefined) return context.env["DRAWBAR_PASSPHRASE"];
  const text = await readFile(resolve(context.cwd, flags.passphraseFile), "utf8");
  return text.split(/\r?\n/, 1)[0];
}
