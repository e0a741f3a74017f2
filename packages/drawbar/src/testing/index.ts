export { type InProcess, type InProcessOptions, inProcess, type OutputOfPlugin } from "./in-process.ts";
