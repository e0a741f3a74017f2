import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { parseCertificateRequest } from "@drawbar/x509";

/** A call on its way to Vault; the path stands below `/v1/`. */
export interface ProxiedCall {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What becomes of a call; nothing special if undefined. */
export type Fault =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  /** The connection is cut instead of passing the call on. */
  | { readonly kind: "cut-before" }
  /** Vault gets the call, and its answer never arrives. `meanwhile` runs in between. */
  | { readonly kind: "cut-after"; readonly meanwhile?: () => Promise<void> }
  /** No answer, ever. `begun` runs when the call is there. */
  | { readonly kind: "hold"; readonly begun?: () => void }
  /** An answer without an end. */
  | { readonly kind: "endless" };

/** A proxy in front of a Vault that misbehaves as it is told. */
export interface FaultProxy extends AsyncDisposable {
  readonly address: string;
  /** Decides about each call. */
  fault: (call: ProxiedCall) => Fault | undefined;
  /** Calls that were passed on, as `METHOD path`. */
  readonly passed: string[];
}

/** @param tls what it shows to clients; without it they speak plain HTTP */
export async function faultProxy(
  vaultAddress: string,
  tls?: { readonly key: string; readonly cert: string },
): Promise<FaultProxy> {
  const passed: string[] = [];
  const listener: RequestListener = async (incoming, outgoing) => {
    const { method = "", url = "" } = incoming;
    const call = { method, path: url.replace(/^\/v1\//, ""), body: await textOf(incoming) };
    const fault = proxy.fault(call);
    if (fault === undefined || fault.kind === "cut-after") passed.push(`${method} ${call.path}`);
    await misbehave(fault, outgoing, (to) => passOn(vaultAddress, incoming, call.body, to));
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: FaultProxy = {
    address: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => undefined,
    passed,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

/**
 * What Vaults built with sdk 0.21 or later refuse, none of which can be built here: `use_csr_values` with a
 * request that asks to be a CA.
 */
export function refuseRequestsOfCas({ path, body }: ProxiedCall): Fault | undefined {
  if (!path.endsWith("/root/sign-intermediate")) return undefined;
  const { csr, use_csr_values } = JSON.parse(body) as { csr: string; use_csr_values: boolean };
  if (!use_csr_values || !parseCertificateRequest(csr).isCa) return undefined;
  const refusal = "refusing to accept CSR with Basic Constraints extension setting isCA=true";
  return { kind: "answer", status: 400, body: JSON.stringify({ errors: [refusal] }) };
}

async function misbehave(
  fault: Fault | undefined,
  outgoing: ServerResponse,
  pass: (to: ServerResponse | undefined) => Promise<void>,
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      return await pass(outgoing);
    case "answer":
      outgoing.writeHead(fault.status).end(fault.body);
      return;
    case "cut-before":
      outgoing.destroy();
      return;
    case "cut-after":
      await pass(undefined);
      await fault.meanwhile?.();
      outgoing.destroy();
      return;
    case "hold":
      fault.begun?.();
      return;
    case "endless":
      outgoing.writeHead(200);
      pour(outgoing);
  }
}

function pour(outgoing: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, "[");
  const more = (): void => {
    while (!outgoing.destroyed && outgoing.write(chunk));
  };
  outgoing.on("drain", more).on("error", () => {});
  more();
}

/** @param to where the answer goes; undefined to drop it once it is there */
function passOn(
  vaultAddress: string,
  { method = "", headers, url = "" }: IncomingMessage,
  body: string,
  to: ServerResponse | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const passing = request(new URL(url, vaultAddress), { method, headers });
    passing.on("response", (answer) => {
      answer.on("end", resolve).on("error", () => resolve());
      if (to === undefined) answer.resume();
      else answer.pipe(to.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    passing.on("error", () => {
      to?.destroy();
      resolve();
    });
    passing.end(body);
  });
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) text += String(chunk);
  return text;
}
