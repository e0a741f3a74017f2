import { systemClock } from "@drawbar/io";
import { InstallError } from "../install-error.ts";
import { CredentialFinder } from "../transfer/credentials/credential-finder.ts";
import { HttpTransfer, type TransferOptions } from "../transfer/http-transfer.ts";
import { defaultTransferLimits } from "../transfer/transfer-limits.ts";
import { type ParseOptions, parseSource } from "./address/parse-source.ts";
import { fileGetter } from "./file/file-getter.ts";
import type { FileArtifact, GetContext, Getter, Release } from "./getter.ts";
import { gitGetter } from "./git/git-getter.ts";
import { githubGetter } from "./github/github-getter.ts";
import { httpGetter } from "./http/http-getter.ts";
import { mirrorGetter } from "./mirror/mirror-getter.ts";
import type { MirrorParts } from "./mirror/mirror-parts.ts";
import { npmGetter } from "./npm/npm-getter.ts";
import { ociGetter } from "./oci/oci-getter.ts";
import { documentReader } from "./read-location.ts";
import { registryGetter } from "./registry/registry-getter.ts";
import type { SourceAddress } from "./source-address.ts";
import { type SumsFinder, sumsFinder } from "./sums-finder.ts";

export interface SourcesOptions extends ParseOptions, TransferOptions {
  /** Getters of your own. One that has the name of a built-in takes its place. */
  readonly getters?: readonly Getter[];
  /** Where the API of github.com is. Default `https://api.github.com`. */
  readonly githubApi?: string;
  /** Default: what npm's own configuration says. */
  readonly npmRegistry?: string;
}

/** All kinds of sources that there are: where addresses are understood, and releases found. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #getters: ReadonlyMap<string, Getter>;
  readonly #sums: SumsFinder;

  constructor(options: SourcesOptions = {}) {
    const transfer = new HttpTransfer(options);
    const reader = documentReader(transfer);
    this.#options = options;
    this.#sums = sumsFinder(reader);
    const all = [...builtIn(options, { transfer, reader, sums: this.#sums }), ...(options.getters ?? [])];
    this.#getters = new Map(all.map((getter) => [getter.name, getter]));
  }

  /**
   * Takes an address apart.
   * @throws InstallError `bad-source`
   */
  parse(text: string): SourceAddress {
    const address = parseSource(text, this.#options);
    this.#getter(address);
    return address;
  }

  /**
   * The versions that can be had, in any order; undefined where the source is one thing without a choice.
   * @throws InstallError
   */
  versions(address: SourceAddress, context: GetContext): Promise<readonly string[] | undefined> {
    return this.#getter(address).versions(address, context);
  }

  /**
   * What to fetch, with what `?checksum=` says of it.
   * @param version one of `versions`, or undefined where there is no choice
   * @throws InstallError
   */
  async release(address: SourceAddress, version: string | undefined, context: GetContext): Promise<Release> {
    const release = await this.#getter(address).release(address, version, context);
    if (address.checksum === undefined) return release;
    if (release.artifact.kind === "tree")
      throw new InstallError("bad-source", `${address.text} is a folder, and a checksum is for files`);
    return { ...release, artifact: await this.#withChecksum(release.artifact, address, context) };
  }

  async #withChecksum(
    artifact: FileArtifact,
    address: SourceAddress,
    context: GetContext,
  ): Promise<FileArtifact> {
    const { checksum } = address;
    if (checksum === undefined) return artifact;
    if (checksum.kind === "file") {
      const sums = await this.#sums.at(checksum.location, context.signal);
      return { ...artifact, sums };
    }
    const { hash, digest } = checksum;
    return {
      ...artifact,
      digests: [...artifact.digests, { hash, digest, by: "the source's checksum parameter" }],
    };
  }

  #getter(address: SourceAddress): Getter {
    const getter = this.#getters.get(address.getter);
    if (getter !== undefined) return getter;
    const known = [...this.#getters.keys()].sort().join(", ");
    throw new InstallError(
      "bad-source",
      `${address.text}: there is no getter ${address.getter}, but ${known}`,
    );
  }
}

function builtIn(options: SourcesOptions, parts: Omit<MirrorParts, "bounds">): readonly Getter[] {
  const { transfer, sums } = parts;
  const { artifactBytes, artifactMs } = { ...defaultTransferLimits, ...options.limits };
  const env = options.env ?? process.env;
  const bounds = { maxBytes: artifactBytes, maxEntries: 100_000 };
  const credentials = new CredentialFinder(env, options.credentials);
  const clock = options.clock ?? systemClock;
  return [
    fileGetter(bounds, sums),
    httpGetter(transfer, sums),
    gitGetter({ env, credentials, clock, maxMs: artifactMs, maxBytes: artifactBytes }),
    githubGetter(transfer, options.githubApi ?? "https://api.github.com"),
    registryGetter(transfer, sums),
    ociGetter(transfer, credentials),
    mirrorGetter({ ...parts, bounds }),
    npmGetter(transfer, { registry: options.npmRegistry, cwd: options.cwd ?? process.cwd(), env }),
  ];
}
