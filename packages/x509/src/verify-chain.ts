import type { Certificate } from "./certificate.ts";
import { type ChainStep, checkCa, checkLeaf, checkWhole } from "./chain-rules.ts";
import type { ExtKeyUsage } from "./encode/extensions.ts";
import { X509Error } from "./error.ts";
import { type ComparisonBudget, mostComparisons } from "./name-constraints.ts";
import { oid } from "./oids.ts";

/** What `verifyChain` takes. */
export interface ChainOptions {
  readonly leaf: Certificate;
  /** Certificates that may stand between; order and extras do not matter, nor are they trusted. */
  readonly intermediates?: readonly Certificate[];
  /** What is trusted: any certificate, self-signed or not ("partial chain" in OpenSSL's words). */
  readonly anchors: readonly Certificate[];
  /** The time for which every certificate must be valid. */
  readonly at: Date;
  /** Purposes of which the chain must allow at least one. Default: any chain will do. */
  readonly extKeyUsage?: readonly ExtKeyUsage[];
  /** Certificates in the chain, leaf and anchor included. Default 10. */
  readonly maxChainLength?: number;
}

/**
 * Finds a chain from the leaf to an anchor and returns it, leaf first.
 *
 * Each certificate but the first must be a CA that may sign (basicConstraints, keyUsage), have the
 * issuer name of the one before as its subject, have made its signature, allow the path's length, and be
 * valid at the given time; anchors are no exception. A leaf that is itself an anchor needs only to be
 * valid. Names must be allowed by the name constraints of every CA above them, anchors included. Critical
 * extensions must be understood, and constraints on the path that are not evaluated here (policies,
 * directory names) refuse the chain. There is no revocation check.
 *
 * @throws X509Error with the reason for the most promising path: `unknown_authority` if there was none,
 *   otherwise `bad_signature`, `expired`, `not_yet_valid`, `not_a_ca`, `path_too_long`,
 *   `incompatible_usage`, `name_not_permitted`, `unhandled_critical_extension`, `unevaluated_constraint` or
 *   `unsupported_signature_algorithm`
 */
export function verifyChain(options: ChainOptions): readonly Certificate[] {
  if (Number.isNaN(options.at.getTime())) throw new X509Error("invalid_option", "at is not a time");
  checkLeaf(options.leaf, options.at);
  const search = new ChainSearch(options);
  const chain = search.run();
  if (chain === undefined) throw search.reason;
  return chain;
}

// Signatures that one search checks: a pool of look-alike certificates must not keep us busy.
const mostSignatureChecks = 100;

class ChainSearch {
  readonly #options: ChainOptions;
  readonly #maxLength: number;
  readonly #comparisons: ComparisonBudget = { left: mostComparisons };
  #signatureChecks = 0;
  #firstReason: X509Error | undefined;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#maxLength = options.maxChainLength ?? 10;
  }

  /** Why no chain was found: the first obstacle met, as candidates are tried best first. */
  get reason(): X509Error {
    return this.#firstReason ?? unknownAuthority(this.#options.leaf);
  }

  run(): readonly Certificate[] | undefined {
    const { leaf, anchors } = this.#options;
    if (anchors.some((anchor) => anchor.equals(leaf))) return this.#complete([leaf]);
    return this.#extend([leaf], leaf);
  }

  #extend(path: readonly Certificate[], last: Certificate): readonly Certificate[] | undefined {
    const { anchors, intermediates = [] } = this.#options;
    for (const parent of candidates(anchors, last)) {
      const chain = this.#accepts(path, last, parent) ? this.#complete([...path, parent]) : undefined;
      if (chain !== undefined) return chain;
    }
    for (const parent of candidates(intermediates, last)) {
      const chain = this.#accepts(path, last, parent) ? this.#extend([...path, parent], parent) : undefined;
      if (chain !== undefined) return chain;
    }
    return undefined;
  }

  #accepts(path: readonly Certificate[], last: Certificate, parent: Certificate): boolean {
    if (path.some((member) => isSameSigner(member, parent))) return false;
    if (path.length >= this.#maxLength) {
      this.#note(new X509Error("path_too_long", `the chain is longer than ${this.#maxLength} certificates`));
      return false;
    }
    return this.#attempt(() => {
      if (++this.#signatureChecks > mostSignatureChecks) {
        throw new X509Error("limit_exceeded", `gave up after ${mostSignatureChecks} signature checks`);
      }
      last.checkSignature(parent.publicKey);
      const step: ChainStep = { certificate: parent, casBelow: path.length - 1 };
      checkCa(step, this.#options.at);
    });
  }

  #complete(chain: readonly Certificate[]): readonly Certificate[] | undefined {
    return this.#attempt(() => checkWhole(chain, this.#options.extKeyUsage, this.#comparisons))
      ? chain
      : undefined;
  }

  // True if `check` does not refuse. What it refuses with is kept; a limit ends the whole search.
  #attempt(check: () => void): boolean {
    try {
      check();
      return true;
    } catch (error) {
      if (!(error instanceof X509Error) || error.code === "limit_exceeded") throw error;
      this.#note(error);
      return false;
    }
  }

  #note(reason: X509Error): void {
    this.#firstReason ??= reason;
  }
}

// Certificates whose subject is the issuer of `child`, those with the key id it names first. Names may be
// empty in a mesh, so the signature decides; the key id only says where to look first.
function candidates(pool: readonly Certificate[], child: Certificate): readonly Certificate[] {
  const issuer = child.issuer.raw;
  const wanted = child.authorityKeyId;
  const rank = ({ subjectKeyId }: Certificate): number => {
    if (wanted === undefined || subjectKeyId === undefined) return 1;
    return Buffer.compare(wanted, subjectKeyId) === 0 ? 0 : 2;
  };
  return pool
    .filter((certificate) => Buffer.compare(certificate.subject.raw, issuer) === 0)
    .sort((a, b) => rank(a) - rank(b));
}

// The same name and key is the same signer, whoever vouched for it: without this, CAs that have signed
// each other would be walked in circles.
function isSameSigner(a: Certificate, b: Certificate): boolean {
  const names = [a, b].map((certificate) => certificate.extension(oid.subjectAltName)?.value ?? emptyBytes);
  return (
    Buffer.compare(a.subject.raw, b.subject.raw) === 0 &&
    Buffer.compare(a.publicKeySpki, b.publicKeySpki) === 0 &&
    Buffer.compare(names[0] ?? emptyBytes, names[1] ?? emptyBytes) === 0
  );
}

const emptyBytes = new Uint8Array(0);

function unknownAuthority(leaf: Certificate): X509Error {
  const issuer = leaf.issuer.isEmpty ? "an issuer without a name" : leaf.issuer.toString();
  return new X509Error("unknown_authority", `certificate is signed by unknown authority: ${issuer}`, {
    facts: { issuer: leaf.issuer.toString() },
  });
}
