import type { Counters } from './lower/lower';

/**
 * Percent that the platform reports while memory is copied: 10 to 45 for the first copy of all memory, 45 to 90 for what
 * was written meanwhile.
 */
export function copyPercent({ iteration, processedMib, remainingMib, totalMib }: Counters): number {
  return Math.round(iteration === 0 ? 10 + 35 * Math.min(1, processedMib / totalMib) : 45 + 45 * (1 - Math.min(1, remainingMib / totalMib)));
}

/** The counters of a copy at exactly `percent`, otherwise like `near`. */
export function countersAt(percent: number, near: Counters): Counters {
  const { totalMib } = near;
  return percent <= 45
    ? { ...near, iteration: 0, processedMib: Math.round(totalMib * (percent - 10) / 35), remainingMib: Math.round(totalMib * (45 - percent) / 35) }
    : { ...near, iteration: Math.max(1, near.iteration), remainingMib: Math.round(totalMib * (90 - percent) / 45) };
}
