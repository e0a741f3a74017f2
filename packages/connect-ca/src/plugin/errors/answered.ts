import type { HandlerContext } from "@drawbar/grpc";
import type { ProviderCallOptions } from "../../provider/ca-provider.ts";
import { toStatusError } from "./to-status-error.ts";

/** A gRPC handler whose errors keep their codes, and which learns when its caller gives up. */
export function answered<I, O>(
  call: (request: I, options: ProviderCallOptions) => Promise<O>,
): (request: I, context: HandlerContext) => Promise<O> {
  return async (request, { signal }) => {
    try {
      return await call(request, { signal });
    } catch (error) {
      throw toStatusError(error);
    }
  };
}
