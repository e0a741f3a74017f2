import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Certificate,
  generateKeySync,
  type NameConstraintsOptions,
  type NameSubtrees,
  type SubjectAltNames,
  verifyChain,
  X509Error,
} from "@drawbar/x509";
import { base64, GoPeer } from "./go-peer.ts";
import { type Identity, issueCa, issueLeaf, now } from "./samples.ts";

let go: GoPeer;
before(async () => {
  go = await GoPeer.start();
});
after(() => go.stop());

// Few words, so that names and constraints meet often.
const domains = [
  "a.consul",
  ".a.consul",
  "b.a.consul",
  "a-b.consul",
  "A.Consul",
  "consul",
  ".consul",
  "x",
  "",
];
const hosts = [
  "a.consul",
  "b.a.consul",
  "c.b.a.consul",
  "a-b.consul",
  "consul",
  "B.A.CONSUL",
  "x",
  "xa.consul",
];
const pools = {
  dnsNames: [...hosts, "*.a.consul", "*.consul", "*.b.a.consul"],
  uris: [
    ...hosts.map((host) => `spiffe://${host}/w`),
    "https://u@a.consul:8443/?q#f",
    "urn:a",
    "https://10.0.0.1/",
  ],
  emails: [...hosts.map((host) => `u@${host}`), '"u"@a.consul', "U@a.consul"],
  ipAddresses: ["10.0.0.1", "10.200.0.1", "11.0.0.1", "2001:db8::1", "2001:db9::1", "::ffff:10.0.0.1"],
};
const constraintPools: { readonly [Kind in keyof NameSubtrees]: readonly string[] } = {
  dnsNames: domains,
  uris: domains,
  emails: [...domains.filter((domain) => domain !== ""), "u@a.consul", "u@B.a.consul"],
  ipRanges: ["10.0.0.0/8", "10.0.0.0/9", "10.0.0.1/32", "0.0.0.0/0", "2001:db8::/32", "::/0"],
};

/** Numbers that are the same in each run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const random = numbers(7);
const upTo = (limit: number): number => Math.floor((random.next().value as number) * limit);
const some = <T>(pool: readonly T[], most: number): T[] =>
  Array.from({ length: upTo(most + 1) }, () => pool[upTo(pool.length)] as T);

function randomSubtrees(): NameSubtrees {
  const kinds = Object.entries(constraintPools).map(([kind, pool]) => [kind, some(pool, upTo(2) * 2)]);
  return Object.fromEntries(kinds) as NameSubtrees;
}

function randomNames(): SubjectAltNames {
  return Object.fromEntries(
    Object.entries(pools).map(([kind, pool]) => [kind, some(pool, 1)]),
  ) as unknown as SubjectAltNames;
}

interface Sample {
  readonly constraints: NameConstraintsOptions;
  readonly names: SubjectAltNames;
  readonly chain: readonly [leaf: Certificate, ca: Certificate];
}

const p256 = { type: "ec", curve: "P-256" } as const;
const root = issueCa("root");
// Names are what it is about: a key of its own for each of a thousand certificates would only take time.
const [caKey, leafKey] = [generateKeySync(p256), generateKeySync(p256)];

function sample(constraints: NameConstraintsOptions, names: SubjectAltNames): Sample {
  const ca: Identity = issueCa("ca", root, { nameConstraints: constraints, subjectAltNames: {} }, caKey);
  const leaf = issueLeaf(ca, { subject: { commonName: "leaf" }, subjectAltNames: names }, leafKey);
  return { constraints, names, chain: [leaf.certificate, ca.certificate] };
}

function randomSample(): Sample {
  for (;;) {
    const constraints = { permitted: randomSubtrees(), excluded: randomSubtrees() };
    const given = Object.values(constraints).flatMap((subtrees) => Object.values(subtrees).flat());
    if (given.length > 0) return sample(constraints, randomNames());
  }
}

function ourVerdict({ chain: [leaf, ca] }: Sample): string {
  try {
    verifyChain({ leaf, intermediates: [ca], anchors: [root.certificate], at: now });
    return "accepted";
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return error.code;
  }
}

async function goAccepts({ chain: [leaf, ca] }: Sample): Promise<boolean> {
  const answer = await go.ask({
    op: "verify",
    leaf: base64(leaf.raw),
    intermediates: [base64(ca.raw)],
    anchors: [base64(root.certificate.raw)],
    atSeconds: now.getTime() / 1000,
  });
  assert.doesNotMatch(answer.error ?? "", /malformed|failed to parse|invalid constraint/);
  return answer.error === undefined;
}

/**
 * Whether a permitted host of an email or a URI, which in RFC 5280 is that host alone, might have been taken
 * for a domain, as Go does.
 */
function mayHaveWidenedHost({ constraints, names }: Sample): boolean {
  const isBare = (text: string): boolean => text !== "" && !text.startsWith(".") && !text.includes("@");
  return (["uris", "emails"] as const).some(
    (kind) => names[kind].length > 0 && constraints.permitted?.[kind]?.some(isBare) === true,
  );
}

test("what we accept below name constraints Go accepts, and it accepts no more but what RFC 5280 does not", async () => {
  const samples = Array.from({ length: 500 }, randomSample);
  const verdicts = await Promise.all(samples.map(goAccepts));
  let accepted = 0;
  let refused = 0;
  for (const [index, one] of samples.entries()) {
    const ours = ourVerdict(one);
    const story = JSON.stringify([one.constraints, one.names]);
    if (ours === "accepted") {
      accepted++;
      assert.equal(verdicts[index], true, story);
      continue;
    }
    refused++;
    assert.equal(ours, "name_not_permitted", story);
    // Excluded addresses of one family count inside the other here.
    const isMapped = one.names.ipAddresses.some((address) => address.startsWith("::ffff:"));
    if (!isMapped && !mayHaveWidenedHost(one)) assert.equal(verdicts[index], false, story);
  }
  // Else it would have shown nothing.
  assert.ok(accepted > 60 && refused > 60, `${accepted} accepted, ${refused} refused`);
});

test("Go takes a permitted host of URIs for a domain, and we as RFC 5280 says for that host", async () => {
  const names = { dnsNames: [], emails: [], ipAddresses: [], uris: ["spiffe://b.a.consul"] };
  const one = sample({ permitted: { uris: ["a.consul"] } }, names);
  assert.equal(await goAccepts(one), true);
  assert.equal(ourVerdict(one), "name_not_permitted");
});
