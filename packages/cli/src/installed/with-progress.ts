import type { Plugins } from "@drawbar/install";
import type { CommandContext } from "../command-context.ts";
import { ProgressView } from "./progress-view.ts";
import { type FetchFlags, openProject } from "./project-flags.ts";

/** Does what `work` does with the project's plugins, and shows how it goes. */
export async function withProgress<T>(
  flags: FetchFlags,
  context: CommandContext,
  work: (plugins: Plugins) => Promise<T>,
): Promise<T> {
  const view = new ProgressView(context);
  try {
    return await work(await openProject(flags, context, view.show));
  } finally {
    view.end();
  }
}
