import type { RawConfig } from "../../config/config-reader.ts";
import { loginOptionInvalid } from "./login-source.ts";

/** A text parameter of an auth method; "" if it is not given. */
export function textParam(params: RawConfig, name: string): string {
  const value = params[name] ?? "";
  if (typeof value === "string") return value;
  throw loginOptionInvalid(`the auth method's '${name}' is not text`);
}

/** A text parameter that must be given. */
export function requiredParam(params: RawConfig, name: string): string {
  const value = textParam(params, name);
  if (value === "") throw loginOptionInvalid(`missing '${name}' value`);
  return value;
}

/** True if the operator wrote out what Vault's login takes, instead of where to get it from. */
export function hasAnyParam(params: RawConfig, ...names: string[]): boolean {
  return names.some((name) => params[name] !== undefined);
}
