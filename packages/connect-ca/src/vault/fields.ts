import { invalidReply, type JsonObject, type ReplySource, type VaultSecret } from "./reply.ts";

/** The data of an answer that must have some. */
export function dataOf(secret: VaultSecret | null, source: ReplySource): JsonObject {
  if (secret?.data) return secret.data;
  throw invalidReply(source, "no data");
}

/** A text field that must be there and must not be empty. */
export function textOf(data: JsonObject, name: string, source: ReplySource): string {
  const value = data[name];
  if (typeof value === "string" && value !== "") return value;
  throw invalidReply(source, `no text in data.${name}`);
}

/** A text field that older servers do not send; "" then. */
export function optionalTextOf(data: JsonObject, name: string, source: ReplySource): string {
  const value = data[name] ?? "";
  if (typeof value === "string") return value;
  throw invalidReply(source, `something other than text in data.${name}`);
}
