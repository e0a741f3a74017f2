import { withTrailingNewline } from "./trailing-newline.ts";

const end = "-----END CERTIFICATE-----";

/** The first certificate of a PEM text, ending in a newline; a text without one as it is. */
export function firstPemBlock(pem: string): string {
  const at = pem.indexOf(end);
  return withTrailingNewline(at < 0 ? pem : pem.slice(0, at + end.length));
}
