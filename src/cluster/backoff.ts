import type { Clock } from '../base/timing';

const firstMs = 800;
const longestMs = 30_000;
const healthyMs = 120_000;

/** Waiting times between failed attempts: 0.8 s, doubled up to 30 s, each with up to half of itself added at random. */
export class Backoff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #healthySinceMs: number | undefined;

  constructor(clock: Clock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** To be called whenever something works. Two minutes of it, and the next failure is the first again. */
  succeeded(): void {
    this.#healthySinceMs ??= this.#clock.now();
  }

  /** Counts a failure and says how long to wait. */
  nextMs(): number {
    if (this.#healthySinceMs !== undefined && this.#clock.now() - this.#healthySinceMs >= healthyMs) {
      this.#failures = 0;
    }
    this.#healthySinceMs = undefined;
    const base = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures++;
    return Math.min(longestMs, Math.round(base * (1 + this.#random() / 2)));
  }
}
