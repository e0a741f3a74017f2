import { DrawbarError } from "@drawbar/io";

/** Bytes that are not a protobuf message, with the offset at which that shows. */
export class WireError extends DrawbarError {
  constructor(problem: string, offset: number) {
    super("grpc-malformed-protobuf", `malformed protobuf at byte ${offset}: ${problem}`, {
      facts: { offset },
    });
  }
}
