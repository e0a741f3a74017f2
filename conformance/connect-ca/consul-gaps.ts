/** Cases of the provider contract that Consul 1.6.10's own providers do not pass, and why. */
export const consulGaps: Readonly<Record<"consul" | "vault", Readonly<Record<string, string>>>> = {
  consul: {
    "a request for an intermediate that is not signed by its key is refused":
      "neither Consul's host nor its provider looks at a request's signature",
  },
  vault: {
    "a request for an intermediate of another cluster is refused":
      "its Vault provider does not look at requests; that came later",
    "a request for an intermediate that is not signed by its key is refused":
      "it leaves that to Vault, which refuses in words of its own",
    "a secondary without an intermediate signs nothing and says that it is not initialised":
      "it mounts its backend with the first request: Vault knows of nothing there",
  },
};
