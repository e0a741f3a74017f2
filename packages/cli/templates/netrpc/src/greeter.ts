import { plugins } from "./contract.ts";

/** The plugin's own half: what it answers. */
export const greeter = plugins.greeter.implement({
  Greet: (name) => `Hello, ${name}!`,
});
