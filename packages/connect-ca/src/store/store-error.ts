import { DrawbarError } from "@drawbar/io";

/** Why a store on disk cannot be used; stable. */
export type StoreErrorCode =
  /** The passphrase or key file is not the one that the store was made with. */
  | "ca-store-wrong-key"
  /** There is no passphrase, or the key file holds too little. */
  | "ca-store-weak-key"
  /** The file is not what was written: cut, changed, or of another program. */
  | "ca-store-damaged"
  /** Another process has the store open, or may have. */
  | "ca-store-locked"
  /** It was closed. */
  | "ca-store-closed"
  /** The disk refused; the cause tells how. */
  | "ca-store-failed";

/** A store on disk cannot be opened, read or written. Never carries a key or what is stored. */
export class StoreError extends DrawbarError<StoreErrorCode> {}
