/** A header block that cannot be decoded (RFC 7541): the connection ends with COMPRESSION_ERROR. */
export class HpackError extends Error {}
