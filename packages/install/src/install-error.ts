import { DrawbarError } from "@drawbar/io";

/** What can go wrong between a plugin's source and its verified program. Stable: meant for programs. */
export type InstallErrorCode =
  | "bad-source"
  | "bad-version"
  | "no-version-fits"
  | "no-platform-fits"
  | "not-found"
  | "refused"
  | "unreachable"
  | "interrupted"
  | "too-large"
  | "bad-archive"
  | "unsafe-archive"
  | "checksum-mismatch"
  | "checksum-missing"
  | "bad-checksums"
  | "signature-missing"
  | "signature-wrong"
  | "signature-expired"
  | "signature-weak"
  | "key-expired"
  | "key-revoked"
  | "key-unknown"
  | "bad-key"
  | "bad-passphrase"
  | "already-published"
  | "bad-lock"
  | "lock-mismatch"
  | "not-locked"
  | "not-installed"
  | "bad-manifest"
  | "busy"
  | "not-stored"
  | "cancelled";

/** A plugin that could not be found, fetched, verified or stored. Nothing was installed or changed by it. */
export class InstallError extends DrawbarError<InstallErrorCode> {}
