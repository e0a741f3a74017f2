import { plugins } from "./contract.ts";

/** The plugin's own half: what it answers. */
export const greeter = plugins.greeter.implement({
  greet: ({ name }) => ({ text: `Hello, ${name}!` }),

  async *spell({ name }) {
    for (const letter of name) yield { letter };
  },
});
