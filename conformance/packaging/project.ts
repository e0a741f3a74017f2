import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// From conformance/dist/packaging, where this file runs.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

/** A published package: its folder in the repository, its name, and the tarball that npm would publish. */
export interface Packed {
  readonly folder: string;
  readonly name: string;
  readonly tarball: string;
}

/** A file of the repository. */
export function repositoryFile(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** A user's project outside the repository, with every package installed from its tarball. */
export class Project implements Disposable {
  readonly folder: string;
  readonly packages: readonly Packed[];

  private constructor(folder: string, packages: readonly Packed[]) {
    this.folder = folder;
    this.packages = packages;
  }

  static async create(): Promise<Project> {
    const folder = mkdtempSync(join(tmpdir(), "drawbar-project-"));
    const { stdout } = await run(process.execPath, [join(root, "scripts", "pack.mjs"), folder], {
      cwd: root,
    });
    const packages = JSON.parse(stdout) as Packed[];
    const project = new Project(folder, packages);
    project.write("package.json", '{ "private": true, "type": "module" }\n');
    const tarballs = packages.map(({ tarball }) => tarball);
    // The protobuf runtime and node's types in the versions of the repository, from npm's cache if they are there.
    const others = ["@bufbuild/protobuf@2", "@types/node@20"];
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
    await project.run("npm", ["install", ...flags, ...tarballs, ...others]);
    return project;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  copy(repositoryPath: string, path: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    copyFileSync(join(root, repositoryPath), join(this.folder, path));
  }

  /** Compiles every `.ts` file in it with the strictest usual settings. */
  async compile(): Promise<void> {
    const options = ["--strict", "--target", "ES2022", "--module", "NodeNext", "--types", "node"];
    const checks = [
      "--exactOptionalPropertyTypes",
      "--noUncheckedIndexedAccess",
      "--allowImportingTsExtensions",
      "false",
    ];
    this.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { lib: ["ES2023", "ESNext.Disposable"] }, include: ["**/*.ts"] }),
    );
    await this.run(process.execPath, [
      join(root, "node_modules", ".bin", "tsc"),
      "-p",
      ".",
      ...options,
      ...checks,
    ]);
  }

  /**
   * Runs a program in the project or a folder of it and resolves with its stdout; rejects with all of its
   * output if it fails.
   */
  async run(file: string, args: readonly string[], folder = ""): Promise<string> {
    try {
      const { stdout } = await run(file, args, { cwd: join(this.folder, folder), timeout: 120_000 });
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`${file} ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
