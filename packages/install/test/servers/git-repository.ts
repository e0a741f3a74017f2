import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { status } from "./behaviours.ts";
import type { Handler } from "./test-server.ts";

const run = promisify(execFile);

// The tests' own git takes nothing from the configuration of who runs them.
const env: Readonly<Record<string, string>> = {
  PATH: process.env["PATH"] ?? "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "test",
  GIT_COMMITTER_EMAIL: "test@example.com",
};

/** A bare repository, made by git, with a working tree beside it that commits are made in. */
export class TestRepository {
  readonly bare: string;
  readonly #work: string;

  private constructor(folder: string) {
    this.bare = join(folder, "kv.git");
    this.#work = join(folder, "work");
  }

  static async make(folder: string): Promise<TestRepository> {
    const repository = new TestRepository(folder);
    await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", repository.bare], { env });
    await run("git", ["clone", "--quiet", repository.bare, repository.#work], { env });
    await repository.git("checkout", "--quiet", "-B", "main");
    return repository;
  }

  async git(...args: readonly string[]): Promise<string> {
    return (await run("git", args, { cwd: this.#work, env })).stdout.trim();
  }

  /** Commits files (`-> TARGET` makes a link, a name with `*` an executable), tags if asked, and pushes. Gives the commit. */
  async commit(files: Readonly<Record<string, string>>, tag?: string): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#work, name.replace("*", ""));
      await mkdir(dirname(path), { recursive: true });
      if (content.startsWith("-> ")) await symlink(content.slice(3), path);
      else await writeFile(path, content);
      if (name.endsWith("*")) await chmod(path, 0o755);
    }
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", "a step");
    if (tag !== undefined) await this.git("tag", "--annotate", "--message", tag, tag);
    await this.git("push", "--quiet", "--follow-tags", "origin", "HEAD");
    return this.git("rev-parse", "HEAD");
  }

  /** Serves it as `/kv.git` by git's own HTTP server. */
  smartHandler(): Handler {
    return (request, response) => {
      const { pathname, search } = new URL(request.url ?? "", "http://localhost");
      const child = spawn("git", ["http-backend"], {
        env: {
          ...env,
          GIT_PROJECT_ROOT: dirname(this.bare),
          GIT_HTTP_EXPORT_ALL: "1",
          PATH_INFO: pathname,
          QUERY_STRING: search.slice(1),
          REQUEST_METHOD: request.method ?? "GET",
          CONTENT_TYPE: request.headers["content-type"] ?? "",
          HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
          GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        },
      });
      request.pipe(child.stdin).on("error", () => {});
      answerOf(child.stdout, response);
    };
  }

  /** Serves its files as they are: a web server that knows nothing of git. */
  async dumbHandler(): Promise<Handler> {
    await run("git", ["update-server-info"], { cwd: this.bare, env });
    return (request: IncomingMessage, response: ServerResponse) => {
      const { pathname } = new URL(request.url ?? "", "http://localhost");
      readFile(join(dirname(this.bare), pathname)).then(
        (bytes) => response.end(bytes),
        () => status(404)(request, response),
      );
    };
  }
}

// What a CGI program writes: headers, an empty line, the body.
function answerOf(stdout: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  stdout.on("data", (part: Buffer) => {
    if (response.headersSent) {
      response.write(part);
      return;
    }
    head = Buffer.concat([head, part]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split("\r\n");
    const headers = lines.map((line) => line.split(": ", 2) as [string, string]);
    const code = Number(headers.find(([name]) => name === "Status")?.[1].split(" ")[0] ?? 200);
    response.writeHead(code, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.write(head.subarray(end + 4));
  });
  stdout.on("end", () => response.end());
}
