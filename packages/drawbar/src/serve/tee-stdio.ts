import type { StdioChannel } from "../protocol/stdio-buffer.ts";

/**
 * Gives a copy of what this process writes to stdout and stderr to `take`, which owns it; the output goes where
 * it went. Returns what ends that.
 */
export function teeStdio(take: (channel: StdioChannel, chunk: Buffer) => void): () => void {
  const ends = [
    tee(process.stdout, (chunk) => take(1, chunk)),
    tee(process.stderr, (chunk) => take(2, chunk)),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function tee(stream: NodeJS.WriteStream, take: (chunk: Buffer) => void): () => void {
  const original = stream.write;
  const copying = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === "string" ? (rest[0] as BufferEncoding) : "utf8";
    take(typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    return Reflect.apply(original, stream, [chunk, ...rest]) as boolean;
  };
  stream.write = copying;
  return () => {
    // Whoever came after must not be cut off.
    if (stream.write === copying) stream.write = original;
  };
}
