/** PEM that ends in a newline, so that it can be joined with more; "" stays as it is. */
export function withTrailingNewline(pem: string): string {
  return pem === "" || pem.endsWith("\n") ? pem : `${pem}\n`;
}
