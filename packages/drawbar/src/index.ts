export {
  type ExitStatus,
  PluginConfigError,
  PluginConnectionError,
  PluginDispenseError,
  PluginExitedError,
  PluginStartError,
  type PluginStartErrorCode,
} from "./errors.ts";
