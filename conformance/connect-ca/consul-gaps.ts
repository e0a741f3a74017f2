/** Cases of the provider contract that Consul 1.6.10's own providers do not pass, and why. */
export const consulGaps: Readonly<Record<"consul" | "vault", Readonly<Record<string, string>>>> = {
  consul: {},
  vault: {
    "a request for an intermediate of another cluster is refused":
      "its Vault provider does not look at requests; that came later",
    "a secondary without an intermediate signs nothing and says that it is not initialised":
      "it mounts its backend with the first request: Vault knows of nothing there",
  },
};
