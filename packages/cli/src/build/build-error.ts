import { DrawbarError } from "@drawbar/io";

/** Why a program could not be made into one file. */
export type BuildErrorCode =
  /** The entry file does not exist. */
  | "build-entry-missing"
  /** A module cannot be found, read or compiled. */
  | "build-failed"
  /** A dependency is a native addon, which no script can hold. */
  | "build-native-addon"
  /** The file, or its folder, cannot be made. */
  | "build-not-written"
  /** The plugin was to be trained and did not serve. */
  | "build-training-failed";

export class BuildError extends DrawbarError<BuildErrorCode> {}
