import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { test } from "node:test";
import { generateKeySync, parseCertificateRequest } from "@drawbar/x509";
import { BuiltinProvider } from "../providers/builtin/builtin-provider.ts";
import { createCsr } from "../requests/create-csr.ts";
import { MemoryStore } from "../store/memory-store.ts";
import { HistoricServer } from "./historic/historic-server.ts";
import { signedRequest } from "./parsed-input.ts";

const clusterId = "11111111-2222-3333-4444-555555555555";
const { privateKey } = generateKeySync({ type: "ec", curve: "P-256" });
const { raw } = await createCsr(privateKey, { uri: `spiffe://${clusterId}.consul` });

test("what a host sent is refused before the provider sees it: no request, or not signed by its key", async () => {
  const forged = Uint8Array.from(raw);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  for (const [der, message] of [
    [forged, "CSR is not signed by its key: the signature of the certificate request is not by this key"],
    [raw.subarray(1), /^certificate request: /],
  ] as const) {
    await assert.rejects(signedRequest(der), {
      name: "ValidationError",
      code: "ca-request-invalid",
      message,
    });
  }
});

test("a request's signature is looked at once, though plugin and provider both ask", async (t) => {
  const provider = new BuiltinProvider({ store: new MemoryStore() });
  await provider.configure({ clusterId, datacenter: "dc1", isPrimary: true, config: {}, state: {} });
  await provider.generateCaChain();
  await provider.signIntermediate(parseCertificateRequest(raw));
  const verify = t.mock.method(crypto, "verify");
  syncBuiltinESMExports();
  try {
    await new HistoricServer(provider).signIntermediate(raw, {});
    assert.equal(verify.mock.callCount(), 1);
  } finally {
    verify.mock.restore();
    syncBuiltinESMExports();
  }
});
