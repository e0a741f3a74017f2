import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where plugins are installed: `DRAWBAR_PLUGIN_ROOT`, else `drawbar/plugins` in the user's data folder
 * (`XDG_DATA_HOME`; on macOS Application Support, on Windows LOCALAPPDATA).
 */
export function defaultRoot(env: Environment = process.env): string {
  return env["DRAWBAR_PLUGIN_ROOT"] || join(dataFolder(env), "drawbar", "plugins");
}

/** Where fetched files are kept for the next project: `DRAWBAR_CACHE`, else `drawbar` in the user's cache folder. */
export function defaultCacheFolder(env: Environment = process.env): string {
  return env["DRAWBAR_CACHE"] || join(cacheFolder(env), "drawbar");
}

function dataFolder(env: Environment): string {
  switch (process.platform) {
    case "darwin":
      return join(homedir(), "Library", "Application Support");
    case "win32":
      return env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local");
    default:
      return env["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  }
}

function cacheFolder(env: Environment): string {
  switch (process.platform) {
    case "darwin":
      return join(homedir(), "Library", "Caches");
    case "win32":
      return join(env["LOCALAPPDATA"] || join(homedir(), "AppData", "Local"), "Cache");
    default:
      return env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  }
}
