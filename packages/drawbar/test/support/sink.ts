/** A sink that keeps what it gets. */
export function collectingSink(): { write(chunk: Uint8Array): boolean; text(): string } {
  const chunks: Buffer[] = [];
  return {
    write: (chunk) => {
      chunks.push(Buffer.from(chunk));
      return true;
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}
