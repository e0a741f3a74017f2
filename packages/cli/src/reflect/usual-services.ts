// What every plugin of go-plugin or drawbar serves beside its own.
const usual: ReadonlySet<string> = new Set([
  "drawbar.plugin.v1.PluginService",
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
  "plugin.GRPCBroker",
  "plugin.GRPCController",
  "plugin.GRPCStdio",
]);

/** True for a service that says nothing about a plugin, because every one has it. */
export function isUsualService(name: string): boolean {
  return usual.has(name);
}
