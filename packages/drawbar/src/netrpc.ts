// `drawbar/netrpc`: what contracts of net/rpc plugins have in common. Apart from `drawbar`, so that programs
// which speak gRPC alone do not load gob.
export { BasicError, type BasicErrorValue, basicError, toBasicError } from "./plugin/basic-error.ts";
