import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The repository. From conformance/dist/packaging, where this file runs. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** A published package: its folder in the repository, its name, and the tarball that npm would publish. */
export interface Packed {
  readonly folder: string;
  readonly name: string;
  readonly tarball: string;
}

const env: NodeJS.ProcessEnv = {
  ...process.env,
  // From npm's cache where it has what is needed: this is no test of the network.
  npm_config_prefer_offline: "true",
  npm_config_loglevel: "error",
};
// Else node takes the project's tests for a part of these, and prints nothing.
delete env["NODE_TEST_CONTEXT"];

/** A file of the repository. */
export function repositoryFile(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/**
 * A user's project outside the repository, with every package installed from its tarball: the one that
 * examples/life-of-a-plugin leaves behind. A new installation for each test would take longer than the tests.
 */
export class Project implements Disposable {
  /** All of it, in which the project is a folder. */
  private readonly life: string = mkdtempSync(join(tmpdir(), "drawbar-life-"));
  readonly folder: string = join(this.life, "greeter");
  /** Where the tarballs are from which it was installed. */
  readonly tarballs: string = join(this.folder, ".packages");
  /** What the example printed. */
  transcript = "";

  async live(): Promise<void> {
    this.transcript = await this.run(join(root, "examples", "life-of-a-plugin"), [this.life], this.life);
  }

  /** Installs from their tarballs the packages that no new project needs, too. Resolves with all. */
  async installOthers(): Promise<Packed[]> {
    const folder = join(this.life, "packed");
    mkdirSync(folder);
    const packed = await this.run(process.execPath, [join(root, "scripts", "pack.mjs"), folder], root);
    const packages = JSON.parse(packed) as Packed[];
    const others = packages.filter(({ name }) => !existsSync(join(this.folder, "node_modules", name)));
    await this.run("npm", [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      ...others.map(({ tarball }) => tarball),
    ]);
    return packages;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  copy(repositoryPath: string, path: string): void {
    this.write(path, repositoryFile(repositoryPath));
  }

  /** Compiles every `.ts` file in a folder of it with the strictest usual settings. */
  async compile(folder: string): Promise<void> {
    const options = ["--strict", "--target", "ES2022", "--module", "NodeNext", "--types", "node"];
    const checks = [
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
      "--allowImportingTsExtensions",
      "false",
    ];
    const config = { compilerOptions: { lib: ["ES2023", "ESNext.Disposable"] }, include: ["**/*.ts"] };
    this.write(join(folder, "tsconfig.json"), JSON.stringify(config));
    await this.run(join("node_modules", ".bin", "tsc"), ["-p", folder, ...options, ...checks]);
  }

  /**
   * Runs a program in the project or a folder of it and resolves with its stdout; rejects with all of its
   * output if it fails.
   */
  async run(file: string, args: readonly string[], folder = ""): Promise<string> {
    try {
      const options = { cwd: resolve(this.folder, folder), timeout: 120_000, env };
      return (await promisify(execFile)(file, args, options)).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.life, { recursive: true, force: true });
  }
}
