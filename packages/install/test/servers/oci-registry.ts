import { file, json, routes, status, withLogin } from "./behaviours.ts";
import type { TestCertificates } from "./certificates.ts";
import { sha256 } from "./terraform-registry.ts";
import { type Handler, TestServer } from "./test-server.ts";

/** An artefact under one tag: a layer for each platform, `os_arch`. */
export interface OciArtifact {
  readonly tag: string;
  readonly layers: Readonly<Record<string, Uint8Array>>;
}

export interface OciOptions {
  /** What `Authorization` the token service wants. Without it, it gives tokens to everybody. */
  readonly login?: string;
  readonly overrides?: Readonly<Record<string, Handler>>;
}

/** A container registry with one repository, whose tokens have to be asked for. */
export async function startOciRegistry(
  repository: string,
  artifacts: readonly OciArtifact[],
  certificates: TestCertificates,
  options: OciOptions = {},
): Promise<TestServer> {
  const base = `/v2/${repository}`;
  const open: Record<string, Handler> = {};
  const guarded: Record<string, Handler> = {
    [`${base}/tags/list`]: json({ name: repository, tags: artifacts.map(({ tag }) => tag) }),
  };
  const put = (document: unknown): { readonly digest: string; readonly size: number } => {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = `sha256:${sha256(bytes)}`;
    guarded[`${base}/manifests/${digest}`] = file(bytes);
    return { digest, size: bytes.length };
  };
  for (const { tag, layers } of artifacts) {
    const manifests = Object.entries(layers).map(([platform, bytes]) => {
      const digest = `sha256:${sha256(bytes)}`;
      guarded[`${base}/blobs/${digest}`] = file(bytes);
      const layer = { mediaType: "archive/zip", digest, size: bytes.length };
      const [os, architecture] = platform.split("_");
      return { ...put({ schemaVersion: 2, layers: [layer] }), platform: { os, architecture } };
    });
    guarded[`${base}/manifests/${tag}`] = json({ schemaVersion: 2, manifests });
  }
  const table = { ...guarded, ...options.overrides };
  const server = await TestServer.start((request, response) => {
    const realm = `${server.origin}/token`;
    const challenge = `Bearer realm="${realm}",service="test",scope="repository:${repository}:pull"`;
    routes({ ...open, "/token": token(repository, options.login), ...guard(table, challenge) })(
      request,
      response,
    );
  }, certificates);
  return server;
}

function guard(
  table: Readonly<Record<string, Handler>>,
  challenge: string,
): Readonly<Record<string, Handler>> {
  return Object.fromEntries(
    Object.entries(table).map(([path, handler]) => [path, withLogin("Bearer the-token", handler, challenge)]),
  );
}

function token(repository: string, login: string | undefined): Handler {
  const give: Handler = (request, response) => {
    const { searchParams } = new URL(request.url ?? "", "https://localhost");
    const isRight =
      searchParams.get("scope") === `repository:${repository}:pull` && searchParams.get("service") === "test";
    (isRight ? json({ token: "the-token" }) : status(400))(request, response);
  };
  return login === undefined ? give : withLogin(login, give);
}
