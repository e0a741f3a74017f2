/** What a new project is to hold. */
export interface Project {
  /** Of its package and its plugin's program. */
  readonly name: string;
  readonly kind: "plugin" | "host" | "both";
  readonly transport: "grpc" | "netrpc";
}
