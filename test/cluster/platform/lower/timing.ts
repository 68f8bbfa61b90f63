/** How long the layer below takes, in milliseconds. */
export interface Timing {
  readonly createMs: number;
  readonly podMs: number;
  readonly claimMs: number;
  readonly importMs: number;
  /** Between two progress updates of an import. */
  readonly tickMs: number;
  readonly guestMs: number;
  readonly agentMs: number;
  /** What a guest takes to shut down. */
  readonly stopMs: number;
  /** From the end of a guest until its instance is cleared away. */
  readonly goneMs: number;
  /** One short step: what the platform does within a tenth of a second. */
  readonly stepMs: number;
  /** The copying part of a migration. */
  readonly copyMs: number;
  readonly copyTickMs: number;
}

/** What feels real to a person. */
export const humanTiming: Timing = {
  createMs: 300, podMs: 1000, claimMs: 800, importMs: 6000, tickMs: 1000, guestMs: 1500, agentMs: 2500, stopMs: 2000, goneMs: 1000,
  stepMs: 100, copyMs: 9000, copyTickMs: 900,
};

/** Every time of `timing` multiplied by `factor`, at least 1 ms. */
export function scaled(timing: Timing, factor: number): Timing {
  return Object.fromEntries(Object.entries(timing).map(([name, ms]: [string, number]) => [name, Math.max(1, Math.round(ms * factor))])) as unknown as Timing;
}
