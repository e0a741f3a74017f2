/** The part of node:zlib that @drawbar/grpc may use, loaded only when a message is compressed. */
declare module "node:zlib" {
  export function gzipSync(input: Uint8Array): Uint8Array;
  /** Throws an error with code ERR_BUFFER_TOO_LARGE when the output would be over `maxOutputLength`. */
  export function gunzipSync(input: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}
