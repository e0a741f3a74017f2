import type { Handshake } from "./handshake.ts";
import type { Environment } from "./plugin-environment.ts";
import { isTraining } from "./training.ts";

/**
 * What to tell a person who started a plugin by hand, or undefined if a host did it. The words are
 * go-plugin's, which people search for.
 */
export function cookieComplaint(handshake: Handshake, env: Environment): string | undefined {
  if (handshake.magicCookieKey === "" || handshake.magicCookieValue === "") {
    return (
      "Misconfigured ServeConfig given to serve this plugin: no magic cookie\n" +
      "key or value was set. Please notify the plugin author and report\n" +
      "this as a bug.\n"
    );
  }
  if (env[handshake.magicCookieKey] === handshake.magicCookieValue) return undefined;
  if (isTraining(env)) return undefined;
  return (
    "This binary is a plugin. These are not meant to be executed directly.\n" +
    "Please execute the program that consumes these plugins, which will\n" +
    "load any plugins automatically\n"
  );
}
