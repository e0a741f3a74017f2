import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canSign } from "./can-sign.ts";
import { parseSpiffeId } from "./parse-spiffe-id.ts";
import { formatSpiffeId, peeringServerName, type SpiffeId, signingIdOf } from "./spiffe-id.ts";

const host = "1234.consul";

const both: [string, SpiffeId][] = [
  [
    "spiffe://1234.consul/ns/default/dc/dc01/svc/web",
    { kind: "service", host, partition: "default", namespace: "default", datacenter: "dc01", service: "web" },
  ],
  [
    "spiffe://1234.consul/ap/bizdev/ns/core/dc/dc01/svc/a%2Fb%25",
    { kind: "service", host, partition: "bizdev", namespace: "core", datacenter: "dc01", service: "a/b%" },
  ],
  [
    "spiffe://1234.consul/agent/client/dc/dc1/id/uuid",
    { kind: "agent", host, partition: "default", datacenter: "dc1", agent: "uuid" },
  ],
  [
    "spiffe://1234.consul/ap/bizdev/gateway/mesh/dc/dc1",
    { kind: "mesh-gateway", host, partition: "bizdev", datacenter: "dc1" },
  ],
  ["spiffe://1234.consul/agent/server/dc/dc1", { kind: "server", host, datacenter: "dc1" }],
  ["spiffe://1234.consul", { kind: "signing", clusterId: "1234", domain: "consul" }],
];

test("every kind of id is read and written", () => {
  for (const [uri, id] of both) {
    assert.deepEqual(parseSpiffeId(uri), id);
    assert.equal(formatSpiffeId(id), uri);
  }
});

test("what is no id of a mesh is refused in upstream's words", () => {
  const cases: [string, string][] = [
    ["http://1234.consul/ns/default", "SPIFFE ID must have 'spiffe' scheme"],
    ["", "SPIFFE ID must have 'spiffe' scheme"],
    ["spiffe://1234.consul/other", "SPIFFE ID is not in the expected format: spiffe://1234.consul/other"],
    ["spiffe://nodots", "SPIFFE ID is not in the expected format: spiffe://nodots"],
    ["spiffe://.consul", "SPIFFE ID is not in the expected format: spiffe://.consul"],
    ["spiffe://1.consul?x", "SPIFFE ID is not in the expected format: spiffe://1.consul?x"],
    ["spiffe://1.consul/", "SPIFFE ID is not in the expected format: spiffe://1.consul/"],
    ["spiffe://1.consul/agent/server/dc/%zz", 'Invalid datacenter: "%zz" is not percent-encoded text'],
  ];
  for (const [uri, message] of cases) {
    assert.throws(() => parseSpiffeId(uri), { code: "spiffe-id-invalid", message });
  }
});

test("any service name survives being written and read", () => {
  const names = fc.string({ unit: "grapheme", minLength: 1 });
  fc.assert(
    fc.property(names, names, (namespace, service) => {
      const id: SpiffeId = {
        kind: "service",
        host,
        partition: "default",
        namespace,
        datacenter: "d",
        service,
      };
      assert.deepEqual(parseSpiffeId(formatSpiffeId(id)), id);
    }),
  );
});

test("a CA signs for its own trust domain in any case, never for agents or for another CA", () => {
  const ca = signingIdOf("1234");
  const verdicts: [string, boolean][] = [
    ["spiffe://1234.consul", true],
    ["spiffe://1234.CONSUL", true],
    ["spiffe://5678.consul", false],
    ["spiffe://1234.CONSUL/ns/default/dc/dc1/svc/web", true],
    ["spiffe://5678.consul/ns/default/dc/dc1/svc/web", false],
    ["spiffe://1234.consul/gateway/mesh/dc/dc1", true],
    ["spiffe://1234.consul/agent/server/dc/dc1", true],
    ["spiffe://1234.consul/agent/client/dc/dc1/id/uuid", false],
  ];
  for (const [uri, expected] of verdicts) assert.equal(canSign(ca, parseSpiffeId(uri)), expected, uri);
});

test("a server's DNS name is made of its datacenter and trust domain", () => {
  const name = peeringServerName({ kind: "server", host, datacenter: "dc1" });
  assert.equal(name, "server.dc1.peering.1234.consul");
});
