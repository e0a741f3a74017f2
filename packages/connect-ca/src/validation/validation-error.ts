import { DrawbarError } from "@drawbar/io";

/**
 * An intermediate certificate (`ca-intermediate-invalid`) or a request for one (`ca-request-invalid`)
 * that a provider must not take. Messages begin with upstream's text.
 */
export class ValidationError extends DrawbarError {
  constructor(code: "ca-intermediate-invalid" | "ca-request-invalid", message: string, cause?: unknown) {
    super(code, message, { cause });
  }
}
