import { DrawbarError } from "@drawbar/io";

/** A provider's configuration cannot be used. The message is upstream's text where upstream has one. */
export class ConfigError extends DrawbarError {
  constructor(message: string) {
    super("ca-config-invalid", message);
  }
}
