import { DrawbarError } from "@drawbar/io";

/** Why something was refused. Stable: programs may compare it. */
export type X509ErrorCode =
  /** The bytes are not the strict DER that was expected; `facts.offset` says where. */
  | "malformed_der"
  /** The text is not strict PEM, or a block has another label than expected. */
  | "malformed_pem"
  /** Well formed, but larger, deeper or more numerous than the limits allow. */
  | "limit_exceeded"
  /** A public or private key that cannot be read, or whose halves do not belong together. */
  | "malformed_key"
  /** A kind of key, curve or key size outside of what this package supports. */
  | "unsupported_key"
  /** A signature algorithm that is unknown, or too weak to be believed. */
  | "unsupported_signature_algorithm"
  /** An option given by the caller is impossible. */
  | "invalid_option"
  /** A private key that is not the issuer certificate's. */
  | "key_mismatch"
  /** A signature does not verify. */
  | "bad_signature"
  /** The time of verification is past the end of a certificate's validity. */
  | "expired"
  /** The time of verification is before the start of a certificate's validity. */
  | "not_yet_valid"
  /** No anchor leads to the certificate. */
  | "unknown_authority"
  /** A certificate that signs others is not a CA, or its key usage does not allow it. */
  | "not_a_ca"
  /** A CA's path length constraint, or the caller's limit, is exceeded. */
  | "path_too_long"
  /** The extended key usages of the chain do not allow what was asked for. */
  | "incompatible_usage"
  /** A critical extension that this package does not know. */
  | "unhandled_critical_extension"
  /** A name that the name constraints of a CA above it do not allow. */
  | "name_not_permitted"
  /** A constraint on the path (policies, names of some kinds) that is not evaluated here. */
  | "unevaluated_constraint";

/** The only error this package raises for bad input, options or chains. */
export class X509Error extends DrawbarError<X509ErrorCode> {}

/** An X509Error about bytes: what was being read, where, and what is wrong with it. */
export function malformed(what: string, offset: number, problem: string): X509Error {
  return new X509Error("malformed_der", `${what}: ${problem} (at byte ${offset})`, {
    facts: { what, offset },
  });
}
