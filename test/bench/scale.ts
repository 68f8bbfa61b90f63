/** The part of the amounts (bytes, minutes) that a run takes, from `--scale`; 1: all of them. */
export const scale = Number(process.env['DVP_BENCH_SCALE'] ?? '1');

/** A size that the scale makes smaller, but never less than `least`. */
export function scaled(amount: number, least = 1): number {
  return Math.max(least, Math.round(amount * scale));
}
