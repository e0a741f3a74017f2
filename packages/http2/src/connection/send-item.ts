import type { HeaderList, PreparedList } from "../header-list.ts";

/** Something of a stream that waits to be sent. */
export type SendItem =
  | { readonly kind: "headers"; readonly headers: HeaderList | PreparedList; readonly endStream: boolean }
  | {
      readonly kind: "data";
      readonly head: Uint8Array | undefined;
      readonly body: Uint8Array;
      /** Octets of head and body that have been sent. */
      position: number;
      /** Octets of head and body together. */
      readonly length: number;
      readonly endStream: boolean;
    };
