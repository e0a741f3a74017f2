import { file, json, redirect, routes } from "./behaviours.ts";
import { sha256 } from "./terraform-registry.ts";
import { type Handler, TestServer } from "./test-server.ts";

/** A release of a repository: its files by name. */
export interface GithubTestRelease {
  readonly tag: string;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly draft?: boolean;
  readonly prerelease?: boolean;
}

/**
 * An API that looks like GitHub's, with one repository. Files are given by another server, to which it redirects, as
 * GitHub does; to whoever does not ask for bytes, it describes them.
 */
export class GithubTestApi implements AsyncDisposable {
  readonly api: TestServer;
  readonly storage: TestServer;

  private constructor(api: TestServer, storage: TestServer) {
    this.api = api;
    this.storage = storage;
  }

  static async start(repository: string, releases: readonly GithubTestRelease[]): Promise<GithubTestApi> {
    const files: Record<string, Handler> = {};
    const table: Record<string, Handler> = {};
    const storage = await TestServer.start(routes(files));
    const api = await TestServer.start(routes(table));
    const base = `/repos/${repository}/releases`;
    const documents = releases.map(({ tag, files: all, draft = false, prerelease = false }) => {
      const assets = Object.entries(all).map(([name, content]) => {
        const id = `${tag}/${name}`;
        files[`/${id}`] = file(content);
        table[`${base}/assets/${id}`] = (request, response) =>
          request.headers.accept === "application/octet-stream"
            ? redirect(`${storage.origin}/${id}?X-Amz-Signature=signed`)(request, response)
            : json({ name })(request, response);
        const digest = name.endsWith(".zip") ? { digest: `sha256:${sha256(Buffer.from(content))}` } : {};
        return { name, url: `${api.origin}${base}/assets/${id}`, ...digest };
      });
      return { tag_name: tag, draft, prerelease, assets };
    });
    table[base] = (request, response) => {
      const query = new URL(request.url ?? "", api.origin).searchParams;
      const size = Number(query.get("per_page") ?? 30);
      const start = (Number(query.get("page") ?? 1) - 1) * size;
      json(documents.slice(start, start + size))(request, response);
    };
    for (const document of documents) table[`${base}/tags/${document.tag_name}`] = json(document);
    return new GithubTestApi(api, storage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
    await this.storage[Symbol.asyncDispose]();
  }
}
