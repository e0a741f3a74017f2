import { writeFile } from "node:fs/promises";
import { generateKey, parseCertificateRequest, parseCertificates, privateKeyToPem } from "@drawbar/x509";
import { createCsr } from "../requests/create-csr.ts";
import { formatSpiffeId, signingIdOf, trustDomainOf } from "../spiffe/spiffe-id.ts";
import { checkRequestSignature } from "../validation/check-request-signature.ts";
import { chainTree } from "./chain-tree.ts";
import { describeChains } from "./describe-chain.ts";
import {
  clusterIdOf,
  type OpenProvider,
  openProvider,
  type ProviderChoice,
  type ProviderInput,
} from "./open-provider.ts";
import { parseInput, readInput } from "./read-input.ts";
import { UsageError } from "./usage-error.ts";

/** What a command needs besides its operands. */
export interface CommandInput extends ProviderInput {
  readonly operands: readonly string[];
  readonly write: (text: string) => void;
}

/** Whom `csr` is for, beside its operands. */
export interface CsrInput extends Omit<CommandInput, "plugin" | "warn"> {
  readonly uri: string | undefined;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly keyFile: string | undefined;
}

/** `run`: starts the plugin, says what it is, and keeps it until it ends or the signal says so. */
export async function runProvider(input: CommandInput, signal: AbortSignal): Promise<void> {
  if (input.plugin.length === 0)
    throw new UsageError("run needs a plugin: connect-ca provider run -- COMMAND");
  await using opened = await openProvider(input);
  const { process } = opened;
  if (process === undefined) return;
  input.write(
    `process ${process.pid}, version ${process.version} over ${process.protocol}; end it with Ctrl-C\n`,
  );
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  const ended = await Promise.race([process.exited, aborted.then(() => undefined)]);
  if (ended === undefined || signal.aborted) return;
  const { exitCode, signal: by } = ended;
  throw new Error(`the plugin ended by itself: ${by === undefined ? `exit code ${exitCode}` : by}`);
}

/** `root`: prints the chain, from the CA that signs to the one that is trusted. Makes it if there is none. */
export async function printRoot(input: CommandInput): Promise<void> {
  await using opened = await openProvider(input);
  const chain = await chainOf(opened, input.choice);
  if (chain === "") throw new Error("this secondary has no intermediate yet: its primary has to sign one");
  input.write(chain);
}

/** `csr`: makes a key and a request for a service; the request is printed. */
export async function makeCsr(input: CsrInput): Promise<void> {
  const { choice, dnsNames, ipAddresses, keyFile, write } = input;
  const [service] = input.operands;
  if (keyFile === undefined) throw new UsageError("csr needs --key FILE: where the new private key goes");
  const uri = input.uri ?? serviceUri(service, choice);
  const { privateKey } = await generateKey({ type: "ec", curve: "P-256" });
  const csr = await createCsr(privateKey, { uri, dnsNames, ipAddresses });
  await writeKey(keyFile, privateKeyToPem(privateKey));
  write(csr.toPem());
}

/** `sign`: prints the leaf for a request, and with it what it is verified with. */
export async function signCsr(input: CommandInput): Promise<void> {
  const [file = "-"] = input.operands;
  const csr = parseInput(file, await readInput("request", file), parseCertificateRequest);
  await checkRequestSignature(csr);
  await using opened = await openProvider(input);
  const chain = await chainOf(opened, input.choice);
  const leaf = await opened.provider.sign(csr);
  const signer = await opened.provider.activeLeafSigningCert();
  input.write(leaf + (signer === chain ? "" : signer) + chain);
}

/** `inspect`: prints certificates as a tree. */
export async function inspect(input: Pick<CommandInput, "operands" | "write">): Promise<void> {
  const [file = "-"] = input.operands;
  const certificates = parseInput(file, await readInput("chain", file), parseCertificates);
  input.write(describeChains(chainTree(certificates), new Date()));
}

async function chainOf({ provider }: OpenProvider, { secondary }: ProviderChoice): Promise<string> {
  if (secondary) return await provider.activeLeafSigningCert();
  const chain = await provider.generateCaChain();
  const usesIntermediate = await provider.primaryUsesIntermediate();
  if (usesIntermediate && (await provider.activeLeafSigningCert()) === "")
    await provider.generateLeafSigningCert();
  return chain;
}

function serviceUri(service: string | undefined, choice: ProviderChoice): string {
  if (service === undefined) throw new UsageError("csr needs the name of a service, or --uri");
  const host = trustDomainOf(signingIdOf(clusterIdOf(choice)));
  const names = { partition: "default", namespace: "default", datacenter: choice.datacenter, service };
  return formatSpiffeId({ kind: "service", host, ...names });
}

/** Never over a key that is there. */
async function writeKey(file: string, pem: string): Promise<void> {
  try {
    await writeFile(file, pem, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    throw new Error(`the key cannot be written: ${(cause as Error).message}`, { cause });
  }
}
