import { type StructSchema, string, struct, uint64 } from "@drawbar/gob";

/** What comes before each argument: Go's `rpc.Request`. */
export const requestHeader: StructSchema<{ ServiceMethod: typeof string; Seq: typeof uint64 }> = struct(
  "Request",
  {
    ServiceMethod: string,
    Seq: uint64,
  },
);

/** What comes before each reply: Go's `rpc.Response`. An Error that is not empty means there is no reply. */
export const responseHeader: StructSchema<{
  ServiceMethod: typeof string;
  Seq: typeof uint64;
  Error: typeof string;
}> = struct("Response", { ServiceMethod: string, Seq: uint64, Error: string });

/** What stands in a reply's place after an error: Go's `struct{}`. */
export const noReply: StructSchema<Record<never, never>> = struct("", {});
