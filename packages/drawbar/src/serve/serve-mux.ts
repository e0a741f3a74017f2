import { serve } from "./serve.ts";
import type { ServeOptions } from "./serve-options.ts";

/**
 * One program that is several plugins: serves the one that its only argument names. To be awaited at the end of
 * the main module, as `serve`. Any other number of arguments, or an unknown name, is told on stderr and ends the
 * process with 1.
 *
 * @param plugins by name; a function is called for the chosen one only, so that the others need not be loaded
 */
export async function serveMux(
  plugins: Readonly<Record<string, ServeOptions | (() => ServeOptions | Promise<ServeOptions>)>>,
): Promise<never> {
  const [name, ...more] = process.argv.slice(2);
  if (name === undefined || more.length > 0) {
    return refuse("Invoked improperly. This is an internal command that shouldn't\nbe manually invoked.\n");
  }
  const chosen = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (chosen === undefined) return refuse(`Unknown plugin: ${name}\n`);
  return serve(typeof chosen === "function" ? await chosen() : chosen);
}

function refuse(message: string): never {
  process.stderr.write(message);
  process.exit(1);
}
