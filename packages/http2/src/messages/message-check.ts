import type { HeaderList } from "../header-list.ts";

/** What a received header list was found to be. */
export type MessageCheck =
  | { readonly kind: "malformed"; readonly fault: string }
  | {
      readonly kind: "request" | "response" | "trailers";
      /** The three digits of a response, otherwise 0. */
      readonly status: number;
      /** Octets that `content-length` announces, or -1. */
      readonly contentLength: number;
    };

/** Pseudo-fields that a kind of message may have, and must have (RFC 9113 §8.3). */
export interface PseudoRules {
  readonly kind: "request" | "response" | "trailers";
  readonly allowed: readonly string[];
  readonly required: readonly string[];
}

export const requestRules: PseudoRules = {
  kind: "request",
  allowed: [":method", ":scheme", ":path", ":authority"],
  required: [":method", ":scheme", ":path"],
};
export const connectRules: PseudoRules = {
  kind: "request",
  allowed: [":method", ":authority"],
  required: [":method", ":authority"],
};
export const responseRules: PseudoRules = { kind: "response", allowed: [":status"], required: [":status"] };
export const trailerRules: PseudoRules = { kind: "trailers", allowed: [], required: [] };

/**
 * Checks a received header list against RFC 9113 §8.2 and §8.3. White space around a value is not
 * refused although §8.2.1 calls it malformed: gRPC peers send metadata that way.
 */
export function checkMessage(list: HeaderList, rules: PseudoRules): MessageCheck {
  const pseudo: string[] = [];
  let regularBegan = false;
  let contentLength = -1;
  let status = 0;
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    const value = list[i + 1] as string;
    if (badValue.test(value)) return malformed(`the value of ${name} contains NUL, CR or LF`);
    if (name.startsWith(":")) {
      if (regularBegan) return malformed(`pseudo-field ${name} stands after a regular field`);
      if (!rules.allowed.includes(name))
        return malformed(`a ${rules.kind} cannot have the pseudo-field ${name}`);
      if (pseudo.includes(name)) return malformed(`pseudo-field ${name} is repeated`);
      if (value === "" && name !== ":authority") return malformed(`pseudo-field ${name} is empty`);
      pseudo.push(name);
      if (name === ":status") status = threeDigits.test(value) ? Number(value) : -1;
      continue;
    }
    regularBegan = true;
    const fault = fieldFault(name, value);
    if (fault !== undefined) return malformed(fault);
    if (name !== "content-length") continue;
    if (!decimal.test(value) || (contentLength >= 0 && Number(value) !== contentLength)) {
      return malformed("content-length is not one number");
    }
    contentLength = Number(value);
  }
  const missing = rules.required.find((name) => !pseudo.includes(name));
  if (missing !== undefined) return malformed(`a ${rules.kind} needs the pseudo-field ${missing}`);
  if (status === -1) return malformed(":status is not three digits");
  return { kind: rules.kind, status, contentLength };
}

/** As `checkMessage` with the rules that the request's `:method` calls for (§8.5 for CONNECT). */
export function checkRequest(list: HeaderList): MessageCheck {
  for (let i = 0; i < list.length; i += 2) {
    if (list[i] === ":method" && list[i + 1] === "CONNECT") return checkMessage(list, connectRules);
  }
  return checkMessage(list, requestRules);
}

function fieldFault(name: string, value: string): string | undefined {
  if (!token.test(name)) return `header name ${JSON.stringify(name)} is not a lower-case token`;
  if (connectionSpecific.has(name)) return `${name} concerns connections of HTTP/1.1`;
  if (name === "te" && value !== "trailers") return "te has a value other than trailers";
  return undefined;
}

// Fields that HTTP/2 has no use for (RFC 9113 §8.2.2).
const connectionSpecific: ReadonlySet<string> = new Set([
  "connection",
  "proxy-connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const badValue = /[\x00\r\n]/;
const threeDigits = /^[1-9][0-9]{2}$/;
const decimal = /^[0-9]{1,15}$/;

function malformed(fault: string): MessageCheck {
  return { kind: "malformed", fault };
}
