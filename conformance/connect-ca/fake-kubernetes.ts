import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The one call of Kubernetes's API that Vault's login makes: is this token a service account's? */
export interface FakeKubernetes extends AsyncDisposable {
  readonly address: string;
}

/** Says yes to `token`, as service account `name` in namespace `namespace`. */
export async function fakeKubernetes(account: {
  readonly token: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}): Promise<FakeKubernetes> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const review = JSON.parse(body) as { spec: { token: string } };
    const username = `system:serviceaccount:${account.namespace}:${account.name}`;
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${account.namespace}`];
    const status =
      review.spec.token === account.token
        ? { authenticated: true, user: { username, uid: account.uid, groups } }
        : { authenticated: false, error: "unknown token" };
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ kind: "TokenReview", apiVersion: "authentication.k8s.io/v1", status }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
