/** How long a run measures. */
export interface Effort {
  readonly rounds: number;
  readonly calls: number;
  readonly inFlight: number;
  readonly spanMs: number;
  readonly launches: number;
  readonly archiveBytes: number;
  /** Left out where it is absent: what a few calls leave behind says nothing. */
  readonly growth?: { readonly calls: number; readonly connections: number };
}

/** The full run: a few minutes, for figures that go into the documents. */
export const fullEffort: Effort = {
  rounds: 7,
  calls: 6000,
  inFlight: 64,
  spanMs: 1500,
  launches: 21,
  archiveBytes: 200e6,
  growth: { calls: 1e6, connections: 1e4 },
};

/** Under 50 seconds, for a look. */
export const quickEffort: Effort = {
  rounds: 3,
  calls: 1500,
  inFlight: 64,
  spanMs: 300,
  launches: 7,
  archiveBytes: 40e6,
};
