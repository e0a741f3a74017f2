import { DrawbarError } from "@drawbar/io";

/** A text that is no SPIFFE id of a mesh. Code `spiffe-id-invalid`; the message is upstream's. */
export class SpiffeError extends DrawbarError {
  constructor(message: string) {
    super("spiffe-id-invalid", message);
  }
}
